using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;
using Osapi.Operations.Runs;

namespace Osapi.Operations.Jobs;

/// <summary>A page of jobs.</summary>
public sealed record JobList
{
    /// <summary>The number of jobs that match the filter, on all pages.</summary>
    public long TotalItems { get; init; }

    /// <summary>The number of jobs by status, regardless of the filter; every status is listed.</summary>
    public IReadOnlyDictionary<string, long> StatusCounts { get => field ?? new Dictionary<string, long>(); init; }

    /// <summary>The jobs on this page, newest first.</summary>
    public IReadOnlyList<JobSummary> Items { get => field ?? []; init; }

    /// <summary>The <c>cursor</c> of the next page; null on the last page.</summary>
    public long? NextCursor { get; init; }
}

/// <summary>An accepted job.</summary>
public sealed record JobCreated
{
    /// <summary>The id of the job.</summary>
    public required JobId JobId { get; init; }

    /// <summary>Always <c>created</c>.</summary>
    public string Status { get => field ?? "created"; init; }

    /// <summary>The position of the job's record in the log.</summary>
    public long Revision { get; init; }

    /// <summary>The time at which the job was accepted.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>The id of the job that this job retries.</summary>
    public JobId? RetryOf { get; init; }
}

/// <summary>The operation and its request.</summary>
/// <param name="Type">The id of the operation.</param>
/// <param name="Data">The request, its secrets masked; null for whoever is neither the job's caller nor may call the operation.</param>
public sealed record JobOperation(string Type, JsonElement? Data = null);

/// <summary>The operation of a listed job.</summary>
/// <param name="Type">The id of the operation.</param>
public sealed record JobOperationType(string Type);

/// <summary>A job in a list: without its request and its results, which <c>job.get</c> returns.</summary>
public sealed record JobSummary
{
    /// <summary>The id of the job.</summary>
    public required JobId Id { get; init; }

    /// <summary>The status of the job.</summary>
    public JobStatus Status { get; init; }

    /// <summary>The time at which the job was accepted.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The time of the last change of the job's state.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The target, exactly as the caller wrote it; <c>_hosts</c> when the caller gave a list of hosts.</summary>
    public required string Target { get; init; }

    /// <summary>The operation; its request is only in <c>job.get</c>.</summary>
    public required JobOperationType Operation { get; init; }

    /// <summary>True when the job is a check; null otherwise.</summary>
    public bool? Check { get; init; }

    /// <summary>The caller: the subject of the token.</summary>
    public string? Caller { get; init; }

    /// <summary>The id of the job that this job retries; null when it is not a retry.</summary>
    public JobId? RetryOf { get; init; }

    /// <summary>The id of the run that made the job; null outside a run.</summary>
    public RunId? Run { get; init; }

    /// <summary>The name of the run's task; null outside a run.</summary>
    public string? Task { get; init; }
}

/// <summary>A job with its request and its results.</summary>
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

    /// <summary>The hosts, when the caller gave a list of them instead of a target; otherwise null.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>The operation and its request.</summary>
    public required JobOperation Operation { get; init; }

    /// <inheritdoc cref="JobSummary.Check"/>
    public bool? Check { get; init; }

    /// <inheritdoc cref="JobSummary.Caller"/>
    public string? Caller { get; init; }

    /// <inheritdoc cref="JobSummary.RetryOf"/>
    public JobId? RetryOf { get; init; }

    /// <inheritdoc cref="JobSummary.Run"/>
    public RunId? Run { get; init; }

    /// <inheritdoc cref="JobSummary.Task"/>
    public string? Task { get; init; }

    /// <summary>The ids of the retries of this job, oldest first.</summary>
    public IReadOnlyList<JobId> Retries { get => field ?? []; init; }

    /// <summary>The host, when exactly one was expected to respond and it is known.</summary>
    public string? Hostname { get; init; }

    /// <summary>True when any host changed; null when the operation is read-only or the job has not ended.</summary>
    public bool? Changed { get; init; }

    /// <summary>
    /// In the response to a cancellation, true when it kept a host from starting or completing the job, false when the job had
    /// already ended; null in any other response.
    /// </summary>
    public bool? Cancelled { get; init; }

    /// <summary>The error of the first host that has one; null without an error.</summary>
    public string? Error { get; init; }

    /// <summary>The result, when exactly one host was expected to respond and it has a result.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Result { get; init; }

    /// <summary>The response of each expected host, by host name.</summary>
    public IReadOnlyDictionary<string, JobResponse> Responses { get => field ?? new Dictionary<string, JobResponse>(); init; }

    /// <summary>The events of the job, oldest first.</summary>
    public IReadOnlyList<TimelineEvent> Timeline { get => field ?? []; init; }
}

/// <summary>An event of a job.</summary>
/// <param name="Timestamp">The time, by the store's clock.</param>
/// <param name="Event">
/// The event: <c>submitted</c>, <c>started</c>, <c>completed</c>, <c>failed</c>, <c>skipped</c>, <c>expired</c>, <c>cancelled</c> or
/// <c>lost</c>.
/// </param>
/// <param name="Hostname">The host; null for the job as a whole.</param>
/// <param name="Message">A description of the event for people.</param>
public sealed record TimelineEvent(DateTimeOffset Timestamp, string Event, string? Hostname = null, string Message = "");
