using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;
using Osapi.Operations.Runs;
using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>A job as it was accepted.</summary>
/// <remarks>
/// It never changes until it is deleted. Then a tombstone takes its place, so that its id stays in use while a command
/// of it may still be delivered.
/// </remarks>
public sealed record JobRecord
{
    private const double MaxDuration = 1000 * 24 * 3600;

    /// <summary>
    /// The time after <see cref="Deadline"/> within which a host must start whose command was published late: its own time runs from then.
    /// </summary>
    public static readonly TimeSpan MaxPublishDelay = TimeSpan.FromSeconds(30);

    /// <summary>A request without members, which stands for one that is left out.</summary>
    public static ReadOnlyMemory<byte> NoRequest { get; } = "{}"u8.ToArray();

    /// <summary>
    /// The target of a job for a list of hosts, which are <see cref="Hosts"/> and <see cref="Skipped"/>. It is no target that anybody can
    /// write, so that a version that does not know it does not take it for a host.
    /// </summary>
    public const string HostList = "_hosts";

    /// <summary>A UUID, lower case with hyphens.</summary>
    public required JobId Id { get; init; }

    /// <summary>The operation's id.</summary>
    public required string Operation { get; init; }

    /// <summary>The request, as the bytes in which it came.</summary>
    [JsonConverter(typeof(RawRequestConverter))]
    public required ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>
    /// The code that tells whether another request is the same one; null when the request has no secrets. With it, the secrets of
    /// <see cref="Request"/> are masked.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SecretsCode { get; init; }

    /// <summary>
    /// The object that has the request, which is too large for a message; null when <see cref="Request"/> has it. A tombstone has its name, so
    /// that it can be removed, and not its key.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FileReference? RequestObject { get; init; }

    /// <summary>The name of the object that has the whole request with its secrets, until the job is over; null when the commands have it. Its key is in the commands only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SecretObject { get; init; }

    /// <summary>The target as the caller wrote it; <see cref="HostList"/> for a list of hosts.</summary>
    public required string Target { get; init; }

    /// <summary>
    /// The names of the executing hosts, resolved when it was accepted; empty for a job for any host.
    /// </summary>
    public IReadOnlyList<string> Hosts { get => field ?? []; init; }

    /// <summary>The hosts that the target names but that do not get the job, such as drained ones.</summary>
    public IReadOnlyList<SkippedHost> Skipped { get => field ?? []; init; }

    /// <summary>True when exactly one host, the first that is free, executes it.</summary>
    public bool AnyHost { get; init; }

    /// <summary>The time at which it was accepted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The seconds from <see cref="Created"/> within which a host must start it.</summary>
    public required double StartWithin { get; init; }

    /// <summary>The seconds that it may run on a host, counted by the agent from its start.</summary>
    public required double Timeout { get; init; }

    /// <summary>True for a dry run.</summary>
    public bool Check { get; init; }

    /// <inheritdoc cref="JobCommand.FileContent"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FileContent { get; init; }

    /// <summary>The caller: the subject of the token.</summary>
    public string? Caller { get; init; }

    /// <summary>The id of the job that this one retries; null for an original job.</summary>
    public JobId? RetryOf { get; init; }

    /// <summary>The run that made it; null outside a run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunId? Run { get; init; }

    /// <summary>The name of the run's task; null outside a run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; }

    /// <summary>The progress of its deletion; null for a job that can be read.</summary>
    public Deletion? Deletion { get; init; }

    /// <summary>The names of all hosts that were expected to answer, the skipped ones too, sorted; empty for a job for any host.</summary>
    [JsonIgnore]
    public IEnumerable<string> ExpectedHosts => Hosts.Concat(Skipped.Select(host => host.Hostname)).Order(StringComparer.Ordinal);

    /// <summary>The names of the objects that have its request.</summary>
    [JsonIgnore]
    public IEnumerable<string> RequestObjectNames => ((string?[])[RequestObject?.Name, SecretObject]).OfType<string>();

    /// <summary>The keys under which executors write their states.</summary>
    [JsonIgnore]
    public IEnumerable<string> Executors => AnyHost ? [HostKey.Any] : Hosts.Select(HostKey.Of);

    /// <summary>The time after which no host may start it.</summary>
    [JsonIgnore]
    public DateTimeOffset Deadline => Created + TimeSpan.FromSeconds(StartWithin);

    /// <summary>Parses a record, which anybody may have written.</summary>
    /// <param name="jobId">The job id in the message's subject.</param>
    /// <param name="bytes">The message.</param>
    /// <param name="record">The record.</param>
    /// <param name="reason">The reason why it is invalid.</param>
    public static bool TryParse(JobId jobId, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out JobRecord? record, [NotNullWhen(false)] out string? reason)
    {
        record = MessageJson.Parse(bytes, JobJson.Default.JobRecord, out reason);
        reason ??= record?.Validate(jobId);
        // A caller that ignores the result must not act on an invalid value.
        if (reason is not null)
            record = null;
        return record is not null;
    }

    /// <inheritdoc cref="TryParse(JobId, ReadOnlyMemory{byte}, out JobRecord?, out string?)"/>
    public static bool TryParse(JobId jobId, Message message, [NotNullWhen(true)] out JobRecord? record, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(message);
        (record, reason) = (message.Rejection is null && message.Known is JobRecord known && known.Id == jobId ? known : null, message.Rejection);
        return record is not null || (reason is null && TryParse(jobId, message.Payload, out record, out reason));
    }

    /// <summary>Checks that a job may have this duration in seconds: up to 1,000 days.</summary>
    internal static bool IsDuration(double seconds) => seconds is >= 0 and <= MaxDuration;

    private string? Validate(JobId jobId) =>
        Id != jobId || Id.IsEmpty ? "it has the id of another job"
        : !IsDuration(StartWithin) || !IsDuration(Timeout) ? "its times are out of range"
        : Created.Year is < 2000 or > 9000 ? "its time of acceptance is out of range"
        : Request.Span is not [(byte)'{', ..] ? "its request is not an object"
        : RequestObject is { } stored && !(Deletion is null ? RequestObjects.IsValid(stored) : stored.IsValid) ? "its request is an object with impossible numbers"
        : SecretObject is { } whole && !FileReference.IsName(whole) ? "its request is an object without a name"
        : !Hosts.All(HostKey.IsName) || !Skipped.All(host => host is not null && HostKey.IsName(host.Hostname)) ? "it contains an invalid host name"
        : null;

    /// <summary>Creates the tombstone of the job: its id and its hosts.</summary>
    public JobRecord Tombstone(Deletion deletion) => new()
    {
        Id = Id,
        Operation = "",
        Request = NoRequest,
        RequestObject = RequestObject is { } stored ? stored with { Key = null } : null,
        SecretObject = SecretObject,
        Target = "",
        Hosts = Hosts,
        AnyHost = AnyHost,
        Created = Created,
        StartWithin = StartWithin,
        Timeout = Timeout,
        Deletion = deletion,
    };
}

/// <summary>The progress of a job's deletion.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Deletion>))]
public enum Deletion
{
    /// <summary>The job cannot be read any more; any controller that finds it in this state removes its messages and objects.</summary>
    Begun,

    /// <summary>Everything is removed but the tombstones.</summary>
    Done,
}

/// <summary>A host that does not get the job.</summary>
/// <param name="Hostname">The host's name.</param>
/// <param name="Reason">The reason.</param>
public sealed record SkippedHost(string Hostname, string Reason);
