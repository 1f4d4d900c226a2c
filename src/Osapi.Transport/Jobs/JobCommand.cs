using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;
using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>What a command tells a host to do with a job.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<CommandKind>))]
public enum CommandKind
{
    /// <summary>Execute it.</summary>
    Run,

    /// <summary>Stop it, with everything it started.</summary>
    Cancel,
}

/// <summary>A command to one host, or to whichever host takes it from the queue.</summary>
public sealed record JobCommand
{
    /// <summary>What to do.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>The job.</summary>
    public required JobId JobId { get; init; }

    /// <summary>The operation's id; null for a cancel.</summary>
    public string? Operation { get; init; }

    /// <summary>The request; null for a cancel.</summary>
    public JsonElement? Request { get; init; }

    /// <summary>True to say what would change, and change nothing.</summary>
    public bool Check { get; init; }

    /// <summary>True when the caller may see the content of files that not everybody on the host may read, for this job only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FileContent { get; init; }

    /// <summary>Seconds from the message's own time within which it must start.</summary>
    public double StartWithin { get; init; }

    /// <summary>Parses a command that anybody may have written.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="command">The command.</param>
    /// <param name="reason">Why it is none.</param>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JobCommand? command, [NotNullWhen(false)] out string? reason)
    {
        command = MessageJson.Parse(bytes, JobJson.Default.JobCommand, out reason, MessageJson.UnknownKind<CommandKind>);
        reason ??= command?.Flaw();
        // Whoever forgets to look at the answer shall not act on what is wrong.
        if (reason is not null)
            command = null;
        return command is not null;
    }

    private string? Flaw() =>
        JobId.IsEmpty ? "it names no job"
        : Kind != CommandKind.Run ? null
        : !MessageJson.IsId(Operation) ? "it names no operation"
        : !JobRecord.IsTime(StartWithin) ? "the time within which it must start is out of range"
        : null;
}
