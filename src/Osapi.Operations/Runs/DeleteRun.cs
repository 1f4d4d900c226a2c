namespace Osapi.Operations.Runs;

/// <summary>Deletes a run with its journal. Its jobs stay. A run that goes on is not deleted, nor one that owes steps.</summary>
public sealed record DeleteRun
{
    /// <summary>The id of the run.</summary>
    public required RunId Id { get; init; }
}

public static partial class RunOperations
{
    /// <inheritdoc cref="DeleteRun"/>
    public static ControllerOperation<DeleteRun, NoContent> Delete { get; } = new("run.delete", Idempotency.NonIdempotent)
    {
        Route = HttpRoute.Delete("/run/{id}"),
        Permission = Permissions.RunWrite,
        SuccessStatus = 204,
        Request = RunsJson.Requests.DeleteRun,
        Result = RunsJson.Results.NoContent,
        Example = static () => (new() { Id = RunExamples.Id }, new()),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="DeleteRun"/>
    public Task DeleteAsync(RunId id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.Delete, new() { Id = id }, options, cancellationToken);
}
