using System.Runtime.CompilerServices;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>Lists jobs, newest first; a job is listed when it fits everything that is given.</summary>
public sealed record ListJobs
{
    /// <summary>Only jobs with this status; all when not given.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>Only jobs of this operation, by its id.</summary>
    [Length(1, 200), NoNul] public string? Operation { get; init; }

    /// <summary>Only jobs that were asked for with this target, as it was written.</summary>
    [Length(1, 400), NoNul] public string? Target { get; init; }

    /// <summary>Only jobs that this host executed, was expected to, or was left out of.</summary>
    [Length(1, 253), NoNul] public string? Hostname { get; init; }

    /// <summary>Only jobs that this caller asked for: the subject of its token.</summary>
    [Length(1, 400), NoNul] public string? Caller { get; init; }

    /// <summary>Only retries of this job.</summary>
    public JobId? RetryOf { get; init; }

    /// <summary>Only jobs accepted at this time or later (RFC 3339).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only jobs accepted before this time (RFC 3339).</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many to list; 10 when not given.</summary>
    [Range(1, 100)] public int? Limit { get; init; }

    /// <summary>How many of the newest to pass over; 0 when not given. Jobs that come meanwhile move what stands there: follow <c>next_cursor</c> to read everything.</summary>
    [Range(0, int.MaxValue)] public int? Offset { get; init; }

    /// <summary>Where the page before ended (its <c>next_cursor</c>); jobs that came or went since move nothing.</summary>
    [Range(1, 9007199254740991)] public long? Cursor { get; init; }
}

public static partial class JobOperations
{
    /// <inheritdoc cref="ListJobs"/>
    public static ControllerOperation<ListJobs, JobList> List { get; } = new("job.list", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/job"),
        Permission = Permissions.JobRead,
        Request = JobsJson.Requests.ListJobs,
        Result = JobsJson.Results.JobList,
        Example = static () => (new() { Status = JobStatus.Completed }, new()
        {
            TotalItems = 1,
            StatusCounts = new Dictionary<string, long> { ["completed"] = 1 },
            Items = [JobExamples.Summary],
        }),
    };
}

public sealed partial class JobClient
{
    /// <inheritdoc cref="ListJobs"/>
    public Task<JobList> ListAsync(ListJobs? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(JobOperations.List, request ?? new(), options, cancellationToken);

    /// <summary>Every job that fits, newest first, page by page. Each is listed once, whatever comes or goes meanwhile.</summary>
    public IAsyncEnumerable<JobSummary> ListAllAsync(ListJobs? request = null, CancellationToken cancellationToken = default) =>
        ReadAllAsync(request ?? new(), cancellationToken);

    private async IAsyncEnumerable<JobSummary> ReadAllAsync(ListJobs first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = first with { Limit = first.Limit ?? 100 };
        while (true)
        {
            var page = await ListAsync(next, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var job in page.Items)
                yield return job;
            if (page.NextCursor is not { } cursor)
                yield break;
            next = next with { Offset = null, Cursor = cursor };
        }
    }
}
