using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

public static partial class JobOperations
{
    /// <summary>Where the changes of one job can be followed. It answers a stream of events, which is why it is no operation.</summary>
    public static HttpRoute EventsRoute { get; } = HttpRoute.Get("/job/{id}/events");

    /// <summary>Where the changes of all jobs can be followed.</summary>
    public static HttpRoute AllEventsRoute { get; } = HttpRoute.Get("/job/events");

    /// <summary>How a change of a job travels.</summary>
    public static JsonTypeInfo<JobUpdate> UpdateInfo => JobsJson.Results.JobUpdate;
}

public sealed partial class JobClient
{
    /// <summary>
    /// Follows a job: every change from its submission on, then each new one, until the job is over. An interrupted
    /// connection is taken up again where it broke.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="after">Only changes after this one (<see cref="JobUpdate.Sequence"/>); all when null.</param>
    /// <param name="cancellationToken">Stops following; the job goes on.</param>
    /// <exception cref="NotSupportedException">What carries the calls cannot follow jobs.</exception>
    public IAsyncEnumerable<JobUpdate> WatchAsync(JobId id, long? after = null, CancellationToken cancellationToken = default) =>
        Watcher.WatchJobsAsync(id ?? throw new ArgumentNullException(nameof(id)), after, cancellationToken);

    /// <summary>Follows all jobs from now on, until cancelled.</summary>
    /// <param name="after">From the first change after this one (<see cref="JobUpdate.Sequence"/>) instead of from now on; null for now.</param>
    /// <param name="cancellationToken">Stops following.</param>
    /// <exception cref="NotSupportedException">What carries the calls cannot follow jobs.</exception>
    public IAsyncEnumerable<JobUpdate> WatchAllAsync(long? after = null, CancellationToken cancellationToken = default) =>
        Watcher.WatchJobsAsync(null, after, cancellationToken);

    private IJobWatcher Watcher => invoker as IJobWatcher ?? throw new NotSupportedException($"{invoker.GetType().Name} cannot follow jobs: it is no {nameof(IJobWatcher)}.");
}

/// <summary>A change of a job.</summary>
public sealed record JobUpdate
{
    /// <summary>Its place in the log: the same at every controller, and what a later request can go on after.</summary>
    public long Sequence { get; init; }

    /// <summary>The job.</summary>
    [Uuid] public required string JobId { get; init; }

    /// <summary>When, by the store's clock.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>What happened: an event of the job's timeline, or <c>deleted</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The host; null for the job as a whole.</summary>
    public string? Hostname { get; init; }

    /// <summary>The same in words.</summary>
    public string Message { get => field ?? ""; init; }

    /// <summary>The job's status after it; null once the job is deleted.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>How the host ended; null while it has not.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>What went wrong on the host; null when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>True when the job is over with this change.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsLast => Status is not (JobStatus.Submitted or JobStatus.Processing);

    /// <summary>Reads what a controller sent; null when it is none.</summary>
    public static JobUpdate? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, JobOperations.UpdateInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
