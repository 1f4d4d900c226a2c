using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs.Outputs;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Jobs;

/// <summary>The states of one executor of a job. Exactly one of start, expired and cancelled can be first.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<JobEventKind>)), WrittenName(nameof(Finished), "fin")]
public enum JobEventKind
{
    /// <summary>A host claimed the job.</summary>
    Start,

    /// <summary>The job ended on the host that claimed it.</summary>
    Finished,

    /// <summary>No host claimed the job in time, and none can any more.</summary>
    Expired,

    /// <summary>The job was cancelled before any host claimed it, and none can any more.</summary>
    Cancelled,

    /// <summary>
    /// The host that claimed the job is gone, or returned without any record of it. If the host reports an end after
    /// all, that end counts.
    /// </summary>
    Lost,

    /// <summary>
    /// The job was deleted. This tombstone replaces the removed states, so that no command can start the job again.
    /// </summary>
    Deleted,
}

/// <summary>One state of one executor.</summary>
public sealed record JobEvent
{
    /// <summary>The state.</summary>
    public required JobEventKind Kind { get; init; }

    /// <summary>The host that claimed the job; null when none did.</summary>
    public string? Host { get; init; }

    /// <summary>The id of that host's ledger.</summary>
    public string? Ledger { get; init; }

    /// <summary>The id of the agent's run that claimed the job: a run that has ended cannot finish what it started.</summary>
    public string? Session { get; init; }

    /// <summary>The outcome; null unless the job ended. It is repeated here so that a list need not read replies.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>The host's reply, flat as on the wire; null unless the job ended, and when the reply is in an object.</summary>
    public JsonElement? Entry { get; init; }

    /// <summary>The name of the object that holds the reply; null when it is in <see cref="Entry"/>.</summary>
    public string? ObjectName { get; init; }

    /// <summary>The size in bytes of the reply in the object; null without one, and from an agent of an earlier version.</summary>
    public long? ObjectSize { get; init; }

    /// <summary>The SHA-256 of the reply in the object, lower-case hexadecimal; null as <see cref="ObjectSize"/>.</summary>
    public string? ObjectSha256 { get; init; }

    /// <summary>The output that is in the store in chunks, because the reply has only its beginning and end; otherwise null.</summary>
    public StoredOutput? Output { get; init; }

    /// <summary>
    /// True for an end that is the start as well, of a quick operation whose executor has no state. It is written for controllers that know it only.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Starts { get; init; }

    /// <summary>
    /// True when the host's agent answered the controller that wrote <see cref="JobEventKind.Expired"/> or <see cref="JobEventKind.Lost"/>,
    /// false when it did not; null when it was not asked, or not long enough before.
    /// </summary>
    public bool? Reachable { get; init; }

    /// <summary>
    /// Parses a state, which anybody may have written. <see cref="ExecutorFold"/> decides whether the transition is
    /// allowed.
    /// </summary>
    /// <param name="bytes">The message.</param>
    /// <param name="state">The state.</param>
    /// <param name="reason">The reason why it is invalid.</param>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JobEvent? state, [NotNullWhen(false)] out string? reason)
    {
        state = MessageJson.Parse(bytes, JobJson.Default.JobEvent, out reason, MessageJson.UnknownKind<JobEventKind>);
        reason ??= state?.Validate();
        // A caller that ignores the result must not act on an invalid value.
        if (reason is not null)
            state = null;
        return state is not null;
    }

    /// <summary>Parses a message of an executor's subject, and checks that its signer may write that state.</summary>
    /// <param name="message">The message, which anybody may have written.</param>
    /// <param name="state">The state.</param>
    /// <param name="reason">The reason why it is invalid.</param>
    public static bool TryParse(Message message, [NotNullWhen(true)] out JobEvent? state, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(message);
        (state, reason) = (message.Rejection is null ? message.Known as JobEvent : null, message.Rejection);
        if (state is not null || (reason is null && TryParse(message.Payload, out state, out reason)))
            reason = state.RejectionOf(message.Signer);
        if (reason is not null)
            state = null;
        return state is not null;
    }

    // Only a host itself knows that it started or ended a job; only controllers give it up. A transport without trust names nobody.
    private string? RejectionOf(MessageSigner signer) => Kind switch
    {
        _ when signer.IsNone => null,
        JobEventKind.Start or JobEventKind.Finished => signer.HostKey is { } host && Host is { } name && HostKey.Of(name) == host ? null : "its host did not sign it",
        JobEventKind.Expired => null,
        _ => signer.IsControllers ? null : "only controllers may write it",
    };

    /// <summary>Checks that a reply belongs to the host and has the outcome that this state names.</summary>
    internal bool Fits(JsonElement entry)
    {
        if (Host is null || entry.ValueKind != JsonValueKind.Object)
            return false;
        var read = HostReply.Read(entry);
        return HostKey.Of(read.Hostname) == HostKey.Of(Host) && read.Outcome == JobStatusRules.OutcomeOf(this);
    }

    // The defect that no correct writer, of this version or a newer one, produces.
    private string? Validate() => Kind switch
    {
        JobEventKind.Start or JobEventKind.Finished or JobEventKind.Lost when !HostKey.IsName(Host) => "it has no host",
        JobEventKind.Start or JobEventKind.Finished or JobEventKind.Lost when !MessageJson.IsId(Ledger) => "it has no ledger id",
        JobEventKind.Start or JobEventKind.Finished or JobEventKind.Lost when Session is not null && !MessageJson.IsId(Session) => "the id of its session is too long or empty",
        JobEventKind.Finished when Outcome == Operations.Outcome.Running => "it has finished, but its outcome is running",
        _ when Output?.Validate() is { } defect => defect,
        JobEventKind.Finished when Entry is { } entry && !Fits(entry) => "its entry belongs to another host or has another outcome",
        _ => null,
    };
}
