namespace Osapi.Operations.Runs;

/// <summary>Gets a run.</summary>
public sealed record GetRun
{
    /// <summary>The id of the run.</summary>
    public required RunId Id { get; init; }
}

public static partial class RunOperations
{
    /// <inheritdoc cref="GetRun"/>
    public static ControllerOperation<GetRun, RunDetail> Get { get; } = new("run.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/run/{id}"),
        Permission = Permissions.RunRead,
        HasCommand = false,
        Request = RunsJson.Requests.GetRun,
        Result = RunsJson.Results.RunDetail,
        Example = static () => (new() { Id = RunExamples.Id }, RunExamples.Detail),
    };
}

public sealed partial class RunClient
{
    /// <inheritdoc cref="GetRun"/>
    public Task<RunDetail> GetAsync(RunId id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(RunOperations.Get, new() { Id = id }, options, cancellationToken);
}
