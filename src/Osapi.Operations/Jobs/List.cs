using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>Lists jobs, newest first.</summary>
public sealed record ListJobs
{
    /// <summary>Only jobs with this status; all when not given.</summary>
    public JobPhase? Status { get; init; }

    /// <summary>How many to list; 10 when not given.</summary>
    [Between(1, 100)] public int? Limit { get; init; }

    /// <summary>How many of the newest to pass over; 0 when not given.</summary>
    [Between(0, int.MaxValue)] public int? Offset { get; init; }
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
        Example = static () => (new() { Status = JobPhase.Completed }, new()
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
    public Task<JobList> ListAsync(ListJobs? request = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(JobOperations.List, request ?? new(), cancellationToken);
}
