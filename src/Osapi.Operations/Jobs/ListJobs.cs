using System.Runtime.CompilerServices;
using Osapi.Operations.Json;
using Osapi.Operations.Runs;

namespace Osapi.Operations.Jobs;

/// <summary>Lists jobs, newest first. All given filters must match.</summary>
public sealed record ListJobs
{
    /// <summary>Only jobs with this status; default: all.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>Only jobs of this operation id, 1 to 200 characters.</summary>
    [Length(1, 200), NoNul] public string? Operation { get; init; }

    /// <summary>Only jobs with this target, exactly as the caller wrote it, 1 to 400 characters.</summary>
    [Length(1, 400), NoNul] public string? Target { get; init; }

    /// <summary>Only jobs that this host executed, was expected to execute, or was skipped for.</summary>
    [Length(1, 253), NoNul] public string? Hostname { get; init; }

    /// <summary>Only jobs of this caller: the subject of the token.</summary>
    [Length(1, 400), NoNul] public string? Caller { get; init; }

    /// <summary>Only retries of the job with this id.</summary>
    public JobId? RetryOf { get; init; }

    /// <summary>Only jobs that the run with this id made.</summary>
    public RunId? Run { get; init; }

    /// <summary>Only jobs accepted at this time or later (RFC 3339).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only jobs accepted before this time (RFC 3339).</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The maximum number of jobs, 1 to 100; default: 10.</summary>
    [Range(1, 100)] public int? Limit { get; init; }

    /// <summary>The number of newest jobs to skip; default: 0. New jobs shift the pages: use <c>next_cursor</c> to read everything.</summary>
    [Range(0, int.MaxValue)] public int? Offset { get; init; }

    /// <summary>The position after the previous page (its <c>next_cursor</c>); jobs that were added or deleted since do not shift the pages.</summary>
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

    /// <summary>Lists all matching jobs, newest first, page by page. Each job is listed once, even when jobs are added or deleted meanwhile.</summary>
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
