using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Execution;

/// <summary>A task body that calls an operation.</summary>
internal sealed class OperationBody(Operation operation, Target? target, object request) : TaskBody
{
    public Operation Operation => operation;

    public Target? Target => target;

    public object Request => request;

    /// <summary>Creates the typed value of a reply; null for a task without one.</summary>
    public Func<OperationReply, object?>? ValueOf { get; private init; }

    public override string? Problem => operation switch
    {
        null => "has no operation",
        { RunsOn: RunsOn.Host } when target is null => $"calls {operation}, which runs on hosts and needs a target",
        { RunsOn: RunsOn.Controller } when target is not null => $"calls {operation}, which the controller answers itself: it takes no target",
        _ when !operation.RequestInfo.Type.IsInstanceOfType(request) =>
            $"calls {operation} with a request of type {request?.GetType().Name ?? "null"} instead of {operation.RequestInfo.Type.Name}",
        _ => RequestProblem(),
    };

    public static OperationBody Typed<TRequest, TResult>(Operation<TRequest, TResult> operation, Target target, TRequest request)
        where TRequest : notnull
        where TResult : notnull => new(operation, target, request)
        {
            ValueOf = reply => reply.As(operation),
        };

    public static OperationBody Typed<TRequest, TResult>(ControllerOperation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull => new(operation, target: null, request)
        {
            ValueOf = reply => reply.Document.Deserialize(operation.Result),
        };

    public override Task<Result> InvokeAsync(TaskRun run)
    {
        run.Call ??= operation.RunsOn == RunsOn.Host
            ? new HostCall(this, run.Invoker, run.Plan.Options.TimeProvider)
            : new ControllerCall(this, run.Invoker);
        return run.Call.NextAsync(run.IsLastAttempt, run.Token);
    }

    public override bool CanRetry(TaskRun run, RetryStrategy strategy) => run.Call!.CanRetry(strategy);

    // The request is validated before anything runs, not by the first host that gets it.
    private string? RequestProblem()
    {
        try
        {
            var members = JsonSerializer.SerializeToNode(request, operation.RequestInfo)!.AsObject();
            var problems = RequestBinder.Bind(operation.RequestInfo, members).Text;
            return problems.Length == 0 ? null : $"calls {operation} with a wrong request: {problems}";
        }
        catch (JsonException exception)
        {
            // A null that is not allowed cannot be serialized.
            return $"calls {operation} with a wrong request: {exception.Message}";
        }
    }
}
