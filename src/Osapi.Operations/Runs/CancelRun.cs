namespace Osapi.Operations.Runs;

/// <summary>Cancels a run: its runner cancels what runs, and runs the tasks that always run. An interrupted run is only marked.</summary>
public sealed record CancelRun
{
    /// <summary>The id of the run.</summary>
    public required RunId Id { get; init; }
}

public static partial class RunOperations
{
    /// <inheritdoc cref="CancelRun"/>
    public static ControllerOperation<CancelRun, RunDetail> Cancel { get; } = new("run.cancel", Idempotency.Idempotent)
    {
        Route = HttpRoute.Post("/run/{id}/cancel"),
        Permission = Permissions.RunWrite,
        Request = RunsJson.Requests.CancelRun,
        Result = RunsJson.Results.RunDetail,
        Changed = static result => result.Cancelled == true,
        Example = static () => (new() { Id = RunExamples.Id }, RunExamples.Detail with { CancelRequestedBy = "bob", Cancelled = true }),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="CancelRun"/>
    public Task<RunDetail> CancelAsync(RunId id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.Cancel, new() { Id = id }, options, cancellationToken);
}
