using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;
using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>
/// A job as it was accepted. It never changes afterwards, until it is deleted: then what is left of it takes its place,
/// so that its id is not free while a command of it may still be delivered.
/// </summary>
public sealed record JobRecord
{
    private const double MaxDuration = 1000 * 24 * 3600;

    /// <summary>A UUID, lower case with hyphens.</summary>
    public required JobId Id { get; init; }

    /// <summary>The operation's id.</summary>
    public required string Operation { get; init; }

    /// <summary>The request, as the operation's JSON.</summary>
    public required JsonElement Request { get; init; }

    /// <summary>The target as the caller wrote it.</summary>
    public required string Target { get; init; }

    /// <summary>The names of the hosts that are to execute it, decided when it was accepted; empty for a job for any host.</summary>
    public IReadOnlyList<string> Hosts { get => field ?? []; init; }

    /// <summary>Hosts that the target names and that do not get the job, such as drained ones.</summary>
    public IReadOnlyList<SkippedHost> Skipped { get => field ?? []; init; }

    /// <summary>True when exactly one host, whichever is free first, executes it.</summary>
    public bool AnyHost { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Seconds from <see cref="Created"/> within which a host must start it.</summary>
    public required double StartWithin { get; init; }

    /// <summary>Seconds that it may run on a host, counted by the agent from its start.</summary>
    public required double Timeout { get; init; }

    /// <summary>True when hosts only say what they would change.</summary>
    public bool Check { get; init; }

    /// <inheritdoc cref="JobCommand.FileContent"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FileContent { get; init; }

    /// <summary>Who asked: the token's subject.</summary>
    public string? Caller { get; init; }

    /// <summary>The job that this one does again; null for one that was asked for anew.</summary>
    public JobId? RetryOf { get; init; }

    /// <summary>How far it is deleted; null for a job that can be read.</summary>
    public Deletion? Deletion { get; init; }

    /// <summary>The keys under which executors write their states.</summary>
    [JsonIgnore]
    public IEnumerable<string> Executors => AnyHost ? [HostKey.Any] : Hosts.Select(HostKey.Of);

    /// <summary>When a host that has not started it may no longer do so.</summary>
    [JsonIgnore]
    public DateTimeOffset Deadline => Created + TimeSpan.FromSeconds(StartWithin);

    /// <summary>Parses a record that anybody may have written.</summary>
    /// <param name="jobId">The job that its subject names.</param>
    /// <param name="bytes">The message.</param>
    /// <param name="record">The record.</param>
    /// <param name="reason">Why it is none.</param>
    public static bool TryParse(JobId jobId, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JobRecord? record, [NotNullWhen(false)] out string? reason)
    {
        record = MessageJson.Parse(bytes, JobJson.Default.JobRecord, out reason);
        reason ??= record?.Flaw(jobId);
        // Whoever forgets to look at the answer shall not act on what is wrong.
        if (reason is not null)
            record = null;
        return record is not null;
    }

    /// <summary>True for a number of seconds that a job may have: up to 1,000 days.</summary>
    internal static bool IsTime(double seconds) => seconds is >= 0 and <= MaxDuration;

    private string? Flaw(JobId jobId) =>
        Id != jobId || Id.IsEmpty ? "it has the id of another job"
        : !IsTime(StartWithin) || !IsTime(Timeout) ? "its times are out of range"
        : Created.Year is < 2000 or > 9000 ? "the time when it was accepted is out of range"
        : Request.ValueKind != JsonValueKind.Object ? "its request is no object"
        : !Hosts.All(HostKey.IsName) || !Skipped.All(host => host is not null && HostKey.IsName(host.Hostname)) ? "it names what is no host"
        : null;

    /// <summary>What is left of the job when it is deleted: its id, and whom it was for.</summary>
    public JobRecord Tombstone(Deletion deletion) => new()
    {
        Id = Id,
        Operation = "",
        Request = JsonElement.Parse("{}"),
        Target = "",
        Hosts = Hosts,
        AnyHost = AnyHost,
        Created = Created,
        StartWithin = StartWithin,
        Timeout = Timeout,
        Deletion = deletion,
    };
}

/// <summary>How far a job is deleted.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Deletion>))]
public enum Deletion
{
    /// <summary>It cannot be read any more; whoever finds it so removes what it left in the log, and its objects.</summary>
    Begun,

    /// <summary>Everything is removed but the tombstones.</summary>
    Done,
}

/// <summary>A host that was left out.</summary>
/// <param name="Hostname">Its name.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedHost(string Hostname, string Reason);
