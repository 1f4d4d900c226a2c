using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>A page of jobs.</summary>
public sealed record JobList
{
    /// <summary>How many jobs the filter matches, on all pages.</summary>
    public long TotalItems { get; init; }

    /// <summary>How many jobs have each status, whatever the filter; every status is there.</summary>
    public IReadOnlyDictionary<string, long> StatusCounts { get => field ?? new Dictionary<string, long>(); init; }

    /// <summary>The jobs of the page, newest first.</summary>
    public IReadOnlyList<JobSummary> Items { get => field ?? []; init; }

    /// <summary>The <c>cursor</c> of the next page; null when this is the last.</summary>
    public long? NextCursor { get; init; }
}

/// <summary>A job that was accepted.</summary>
public sealed record JobCreated
{
    /// <summary>Its id.</summary>
    public required JobId JobId { get; init; }

    /// <summary>Always <c>created</c>.</summary>
    public string Status { get => field ?? "created"; init; }

    /// <summary>Where its record stands in the log.</summary>
    public long Revision { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>The job that it does again.</summary>
    public JobId? RetryOf { get; init; }
}

/// <summary>What was asked.</summary>
/// <param name="Type">The operation's id.</param>
/// <param name="Data">The request.</param>
public sealed record JobOperation(string Type, JsonElement Data);

/// <summary>The operation of a listed job.</summary>
/// <param name="Type">The operation's id.</param>
public sealed record JobOperationType(string Type);

/// <summary>A job as a list shows it: without its request and its answers, which <c>job.get</c> has.</summary>
public sealed record JobSummary
{
    /// <summary>The job's id.</summary>
    public required JobId Id { get; init; }

    /// <summary>Its status.</summary>
    public JobStatus Status { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When its newest state was written.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The target as the caller wrote it.</summary>
    public required string Target { get; init; }

    /// <summary>The operation; the request is in the job itself.</summary>
    public required JobOperationType Operation { get; init; }

    /// <summary>True when hosts were only asked what they would change; null otherwise.</summary>
    public bool? Check { get; init; }

    /// <summary>Who asked: the subject of the token.</summary>
    public string? Caller { get; init; }

    /// <summary>The job that this one does again; null for one that was asked for anew.</summary>
    public JobId? RetryOf { get; init; }
}

/// <summary>A job with its answers.</summary>
public sealed record JobDetail
{
    /// <inheritdoc cref="JobSummary.Id"/>
    public required JobId Id { get; init; }

    /// <inheritdoc cref="JobSummary.Status"/>
    public JobStatus Status { get; init; }

    /// <inheritdoc cref="JobSummary.Created"/>
    public DateTimeOffset Created { get; init; }

    /// <inheritdoc cref="JobSummary.UpdatedAt"/>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <inheritdoc cref="JobSummary.Target"/>
    public required string Target { get; init; }

    /// <summary>What was asked.</summary>
    public required JobOperation Operation { get; init; }

    /// <inheritdoc cref="JobSummary.Check"/>
    public bool? Check { get; init; }

    /// <inheritdoc cref="JobSummary.Caller"/>
    public string? Caller { get; init; }

    /// <inheritdoc cref="JobSummary.RetryOf"/>
    public JobId? RetryOf { get; init; }

    /// <summary>The jobs that do this one again, oldest first.</summary>
    public IReadOnlyList<JobId> Retries { get => field ?? []; init; }

    /// <summary>The host, when exactly one was expected to answer and it is known.</summary>
    public string? Hostname { get; init; }

    /// <summary>True when any host changed; null when the job only looked, or is not over.</summary>
    public bool? Changed { get; init; }

    /// <summary>In the answer to a cancellation, true when it kept a host from starting or going on, false when the job was over; null in any other answer.</summary>
    public bool? Cancelled { get; init; }

    /// <summary>The first host's error; null without one.</summary>
    public string? Error { get; init; }

    /// <summary>The result, when exactly one host was expected to answer and it has one.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Result { get; init; }

    /// <summary>The answer of every host that was expected to answer, by name.</summary>
    public IReadOnlyDictionary<string, JobResponse> Responses { get => field ?? new Dictionary<string, JobResponse>(); init; }

    /// <summary>What happened, in order.</summary>
    public IReadOnlyList<TimelineEvent> Timeline { get => field ?? []; init; }
}

/// <summary>What one host answered.</summary>
public sealed record JobResponse
{
    /// <summary>Its name.</summary>
    public required string Hostname { get; init; }

    /// <summary><c>completed</c> when it succeeded or was skipped, <c>processing</c> while it runs, otherwise <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>How it ended.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>True when the host is not as it was before.</summary>
    public bool Changed { get; init; }

    /// <summary>What went wrong; null when it succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>What kind of error it is; null without one.</summary>
    public ErrorType? ErrorType { get; init; }

    /// <summary>What it would change, when it was only asked that; otherwise null.</summary>
    public CheckResult? Check { get; init; }

    /// <summary>The result; null when there is none.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Data { get; init; }

    /// <summary>Returns the same as the reply of a host.</summary>
    public HostReply ToHostReply() => new()
    {
        Hostname = Hostname,
        Outcome = Outcome,
        Changed = Changed,
        Error = Error,
        ErrorType = ErrorType,
        Check = Check,
        Result = Data,
    };
}

/// <summary>Something that happened to a job.</summary>
/// <param name="Timestamp">When, by the store's clock.</param>
/// <param name="Event"><c>submitted</c>, <c>started</c>, <c>completed</c>, <c>failed</c>, <c>skipped</c>, <c>expired</c>, <c>cancelled</c> or <c>lost</c>.</param>
/// <param name="Hostname">The host; null for the job as a whole.</param>
/// <param name="Message">The same in words.</param>
public sealed record TimelineEvent(DateTimeOffset Timestamp, string Event, string? Hostname = null, string Message = "");
