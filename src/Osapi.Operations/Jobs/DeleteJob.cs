namespace Osapi.Operations.Jobs;

/// <summary>Deletes a job that has ended, with its results and objects. Its id cannot be used again for 3 hours.</summary>
public sealed record DeleteJob
{
    /// <summary>The id of the job.</summary>
    public required JobId Id { get; init; }
}

public static partial class JobOperations
{
    /// <inheritdoc cref="DeleteJob"/>
    public static ControllerOperation<DeleteJob, NoContent> Delete { get; } = new("job.delete", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Delete("/job/{id}"),
        Permission = Permissions.JobWrite,
        Request = JobsJson.Requests.DeleteJob,
        Result = JobsJson.Results.NoContent,
        SuccessStatus = 204,
        Example = static () => (new() { Id = JobExamples.Id }, new()),
    };
}

public sealed partial class JobClient
{
    /// <inheritdoc cref="DeleteJob"/>
    public Task DeleteAsync(JobId id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(JobOperations.Delete, new() { Id = id }, options, cancellationToken);
}
