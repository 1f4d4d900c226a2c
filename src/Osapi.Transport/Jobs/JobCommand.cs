using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;
using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>The kind of a command.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<CommandKind>))]
public enum CommandKind
{
    /// <summary>Runs the job.</summary>
    Run,

    /// <summary>Stops the job and every process it started.</summary>
    Cancel,
}

/// <summary>A command to one host, or to any host that takes it from the queue.</summary>
public sealed record JobCommand
{
    /// <summary>The kind.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>The id of the job.</summary>
    public required JobId JobId { get; init; }

    /// <summary>The operation's id; null for a cancel.</summary>
    public string? Operation { get; init; }

    /// <summary>The request, as the bytes in which it came; empty for a cancel.</summary>
    [JsonConverter(typeof(RawRequestConverter)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>
    /// The object that has the request, which is too large for a message; null when <see cref="Request"/> has it. With it,
    /// <see cref="Request"/> is one that no operation takes, so that an agent of an earlier version refuses the job.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FileReference? RequestObject { get; init; }

    /// <summary>True for a dry run, which reports the changes without making them.</summary>
    public bool Check { get; init; }

    /// <summary>True when the caller may see the content of files that are not world-readable, for this job only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FileContent { get; init; }

    /// <summary>The stored files that the request can name; null when it names none, and from a controller of an earlier version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileReference>? Files { get; init; }

    /// <summary>The seconds, from the message's own time, within which the job must start.</summary>
    public double StartWithin { get; init; }

    /// <summary>
    /// The time at which the job was accepted, by the store's clock; null in a message of an earlier version. However late its message is, the job
    /// starts at most <see cref="JobRecord.MaxPublishDelay"/> after <see cref="StartWithin"/> from then.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Accepted { get; init; }

    /// <summary>True when the controllers know an end that is the start as well (<see cref="JobEvent.Starts"/>): those that tell the time of acceptance do.</summary>
    [JsonIgnore]
    public bool AcceptsWholeEnd => Accepted is not null;

    /// <summary>Parses a command, which anybody may have written.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="command">The command.</param>
    /// <param name="reason">The reason why it is invalid.</param>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JobCommand? command, [NotNullWhen(false)] out string? reason)
    {
        command = MessageJson.Parse(bytes, JobJson.Default.JobCommand, out reason, MessageJson.UnknownKind<CommandKind>);
        reason ??= command?.Validate();
        // A caller that ignores the result must not act on an invalid value.
        if (reason is not null)
            command = null;
        return command is not null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlyMemory{byte}, out JobCommand?, out string?)"/>
    public static bool TryParse(Message message, [NotNullWhen(true)] out JobCommand? command, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(message);
        (command, reason) = (message.Rejection is null ? message.Known as JobCommand : null, message.Rejection);
        return command is not null || (reason is null && TryParse(message.Payload, out command, out reason));
    }

    private string? Validate() =>
        JobId.IsEmpty ? "it has no job id"
        : Kind != CommandKind.Run ? null
        : !MessageJson.IsId(Operation) ? "it has no operation"
        : !JobRecord.IsDuration(StartWithin) ? "its start deadline is out of range"
        : Files?.All(file => file is { IsValid: true }) == false ? "it names a stored file with impossible numbers"
        : RequestObject is { } stored && !RequestObjects.IsValid(stored) ? "its request is an object with impossible numbers"
        : Accepted is { Year: < 2000 or > 9000 } ? "its time of acceptance is out of range"
        : null;
}
