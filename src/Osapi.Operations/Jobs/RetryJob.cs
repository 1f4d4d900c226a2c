using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>Retries a job that has ended: submits the same request as a new job and does not wait for it.</summary>
public sealed record RetryJob
{
    /// <summary>The id of the job.</summary>
    public required JobId Id { get; init; }

    /// <summary>The target of the new job, 1 to 400 characters; default: the target of the first job, resolved to its current hosts.</summary>
    [Length(1, 400), NoNul] public string? TargetHostname { get; init; }
}

public static partial class JobOperations
{
    /// <inheritdoc cref="RetryJob"/>
    public static ControllerOperation<RetryJob, JobCreated> Retry { get; } = new("job.retry", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Post("/job/{id}/retry"),
        Permission = Permissions.JobWrite,
        Request = JobsJson.Requests.RetryJob,
        Result = JobsJson.Results.JobCreated,
        SuccessStatus = 201,
        BecomesJob = true,
        Example = static () => (new() { Id = JobExamples.Id, TargetHostname = "web-01" }, JobExamples.Created),
    };
}

public sealed partial class JobClient
{
    /// <inheritdoc cref="RetryJob"/>
    public Task<JobCreated> RetryAsync(JobId id, Target? target = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(JobOperations.Retry, new() { Id = id, TargetHostname = target?.Text }, options, cancellationToken);
}
