using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Transport.Jobs;

/// <summary>The states of one executor of a job. Exactly one of start, expired and cancelled can be first.</summary>
[JsonConverter(typeof(WireEnum<JobEventKind>))]
public enum JobEventKind
{
    /// <summary>A host took it.</summary>
    Start,

    /// <summary>It ended on the host that took it.</summary>
    Fin,

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
}
