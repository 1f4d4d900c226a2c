namespace Osapi.Operations.Jobs;

/// <summary>Returns one job: its request, the result of each host, and its timeline.</summary>
public sealed record GetJob
{
    /// <summary>The id of the job.</summary>
    public required JobId Id { get; init; }
}

public static partial class JobOperations
{
    /// <inheritdoc cref="GetJob"/>
    public static ControllerOperation<GetJob, JobDetail> Get { get; } = new("job.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/job/{id}"),
        Permission = Permissions.JobRead,
        Request = JobsJson.Requests.GetJob,
        Result = JobsJson.Results.JobDetail,
        Example = static () => (new() { Id = JobExamples.Id }, JobExamples.Detail),
    };
}

public sealed partial class JobClient
{
    /// <inheritdoc cref="GetJob"/>
    public Task<JobDetail> GetAsync(JobId id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(JobOperations.Get, new() { Id = id }, options, cancellationToken);
}
