using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

public static partial class JobOperations
{
    /// <summary>The route that streams the changes of one job. It is not an operation because the response is a stream of events.</summary>
    internal static HttpRoute EventsRoute { get; } = HttpRoute.Get("/job/{id}/events");

    /// <summary>The route that streams the changes of all jobs.</summary>
    internal static HttpRoute AllEventsRoute { get; } = HttpRoute.Get("/job/events");

    /// <summary>The JSON contract of a job change.</summary>
    internal static JsonTypeInfo<JobUpdate> UpdateInfo => JobsJson.Results.JobUpdate;
}

public sealed partial class JobClient
{
    /// <summary>
    /// Follows a job: streams every change since its submission, then each new one, until the job has ended. An interrupted
    /// connection is resumed at the same position.
    /// </summary>
    /// <param name="id">The id of the job.</param>
    /// <param name="after">The sequence number of a change (<see cref="JobUpdate.Sequence"/>); only later changes are returned; all when null.</param>
    /// <param name="cancellationToken">Stops following; the job continues.</param>
    /// <exception cref="NotSupportedException">The invoker does not support following jobs.</exception>
    public IAsyncEnumerable<JobUpdate> WatchAsync(JobId id, long? after = null, CancellationToken cancellationToken = default) =>
        Watcher.WatchJobsAsync(id, after, cancellationToken);

    /// <summary>Follows all jobs: streams new changes until cancelled.</summary>
    /// <param name="after">The sequence number of a change (<see cref="JobUpdate.Sequence"/>) to continue after; only new changes when null.</param>
    /// <param name="cancellationToken">Stops following.</param>
    /// <exception cref="NotSupportedException">The invoker does not support following jobs.</exception>
    public IAsyncEnumerable<JobUpdate> WatchAllAsync(long? after = null, CancellationToken cancellationToken = default) =>
        Watcher.WatchJobsAsync(null, after, cancellationToken);

    private IJobWatcher Watcher => invoker as IJobWatcher ?? throw new NotSupportedException($"{invoker.GetType().Name} cannot follow jobs: it does not implement {nameof(IJobWatcher)}.");
}

/// <summary>A change of a job.</summary>
public sealed record JobUpdate
{
    /// <summary>The position in the log. It is the same on every controller, and a later request can continue after it.</summary>
    public long Sequence { get; init; }

    /// <summary>The id of the job.</summary>
    public required JobId JobId { get; init; }

    /// <summary>The time, by the store's clock.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>The event: one of the job's timeline, or <c>deleted</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The host; null for the job as a whole.</summary>
    public string? Hostname { get; init; }

    /// <summary>A description of the event for people.</summary>
    public string Message { get => field ?? ""; init; }

    /// <summary>The status of the job after the event; null once the job is deleted.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>The outcome on the host; null while it has not ended.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>The error of the host; null when there is none.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// The reply of the host, as in the answer; null while it has not ended, when the stream was not asked for replies
    /// (<c>?replies=true</c>), and when the reply is so large that only the answer has it.
    /// </summary>
    [JsonConverter(typeof(HostReplyConverter))]
    public HostReply? Reply { get; init; }

    /// <summary>True when the job has ended with this change.</summary>
    [JsonIgnore]
    public bool IsLast => Status is not (JobStatus.Submitted or JobStatus.Processing);

    /// <summary>Reads a change from the JSON that a controller sent; null when it cannot be read.</summary>
    internal static JobUpdate? Read(ReadOnlySpan<byte> json)
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
