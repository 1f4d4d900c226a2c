using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Transport.Jobs;

/// <summary>The states of one executor of a job. Exactly one of start, expired and cancelled can be first.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<JobEventKind>)), WrittenName(nameof(Finished), "fin")]
public enum JobEventKind
{
    /// <summary>A host took it.</summary>
    Start,

    /// <summary>It ended on the host that took it.</summary>
    Finished,

    /// <summary>Nobody took it in time, and nobody can any more.</summary>
    Expired,

    /// <summary>It was cancelled before anybody took it, and nobody can any more.</summary>
    Cancelled,

    /// <summary>The host that took it is gone, or came back without knowing of it. Should it report an end after all, that end stands.</summary>
    Lost,

    /// <summary>The job was deleted. It stands for the states that were removed, so that no command can start the job again.</summary>
    Deleted,
}

/// <summary>One state of one executor.</summary>
public sealed record JobEvent
{
    /// <summary>The state.</summary>
    public required JobEventKind Kind { get; init; }

    /// <summary>The host that took it; null when none did.</summary>
    public string? Host { get; init; }

    /// <summary>The id of the ledger in which that host keeps what it did.</summary>
    public string? Ledger { get; init; }

    /// <summary>The run of the agent that took it: a run that is over cannot finish what it started.</summary>
    public string? Session { get; init; }

    /// <summary>How it ended; null unless it ended. It stands here too so that a list need not read entries.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>The host's entry of the answer, flat as on the wire; null unless it ended, and when it is in an object.</summary>
    public JsonElement? Entry { get; init; }

    /// <summary>The name of the object that holds the entry; null when it is in <see cref="Entry"/>.</summary>
    public string? ObjectName { get; init; }

    /// <summary>Parses a state that anybody may have written. Whether it may follow what stands before it, <see cref="ExecutorFold"/> decides.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="state">The state.</param>
    /// <param name="reason">Why it is none.</param>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JobEvent? state, [NotNullWhen(false)] out string? reason)
    {
        state = MessageJson.Parse(bytes, JobJson.Default.JobEvent, out reason, MessageJson.UnknownKind<JobEventKind>);
        reason ??= state?.Flaw();
        // Whoever forgets to look at the answer shall not act on what is wrong.
        if (reason is not null)
            state = null;
        return state is not null;
    }

    /// <summary>True for the entry of the host that this state names, with the outcome that it names.</summary>
    internal bool Fits(JsonElement entry)
    {
        if (Host is null || entry.ValueKind != JsonValueKind.Object)
            return false;
        var read = HostReply.Read(entry);
        return HostKey.Of(read.Hostname) == HostKey.Of(Host) && read.Outcome == JobStatusRules.OutcomeOf(this);
    }

    // What no state of an honest writer, of this version or a newer one, looks like.
    private string? Flaw() => Kind switch
    {
        JobEventKind.Start or JobEventKind.Finished or JobEventKind.Lost when !HostKey.IsName(Host) => "it names no host",
        JobEventKind.Start or JobEventKind.Finished or JobEventKind.Lost when !MessageJson.IsId(Ledger) => "it names no ledger",
        JobEventKind.Start or JobEventKind.Finished or JobEventKind.Lost when Session is not null && !MessageJson.IsId(Session) => "the id of its session is too long or empty",
        JobEventKind.Finished when Outcome == Operations.Outcome.Running => "it is an end that is still running",
        JobEventKind.Finished when Entry is { } entry && !Fits(entry) => "its entry is of another host, or of another outcome",
        _ => null,
    };
}
