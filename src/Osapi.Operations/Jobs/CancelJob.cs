namespace Osapi.Operations.Jobs;

/// <summary>Cancels a job. A host that has not started it never will; a host that runs it stops it, including all processes it started.</summary>
public sealed record CancelJob
{
    /// <summary>The id of the job.</summary>
    public required JobId Id { get; init; }
}

public static partial class JobOperations
{
    /// <inheritdoc cref="CancelJob"/>
    public static ControllerOperation<CancelJob, JobDetail> Cancel { get; } = new("job.cancel", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/job/{id}/cancel"),
        Permission = Permissions.JobWrite,
        Request = JobsJson.Requests.CancelJob,
        Result = JobsJson.Results.JobDetail,
        Changed = static result => result.Cancelled == true,
        Example = static () => (new() { Id = JobExamples.Id }, JobExamples.CancelledDetail),
    };
}

public sealed partial class JobClient
{
    /// <inheritdoc cref="CancelJob"/>
    public Task<JobDetail> CancelAsync(JobId id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(JobOperations.Cancel, new() { Id = id }, options, cancellationToken);
}
