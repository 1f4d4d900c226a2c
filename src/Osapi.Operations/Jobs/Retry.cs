using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>Does what a job that is over was asked to do again, as a new job, and does not wait for it.</summary>
public sealed record RetryJob
{
    /// <summary>The job.</summary>
    public required JobId Id { get; init; }

    /// <summary>The hosts of the new job, as any target names them; the target of the first job when not given, with the hosts that it names now.</summary>
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
