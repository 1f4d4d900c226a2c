using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Execution;

/// <summary>A task body that calls an operation.</summary>
internal sealed class OperationBody(Operation operation, PlanTarget? target, object? request) : TaskBody
{
    private static readonly Result Answered = new();

    public Operation Operation => operation;

    /// <summary>The target; null for an operation of the controller, and for the hosts of another task.</summary>
    public Target? Target => target?.Target;

    /// <summary>The task on whose hosts this one runs; null for a target of its own.</summary>
    public PlanTask? SameHostsAs => target?.Task;

    /// <summary>The request; null when it is made for each host.</summary>
    public object? Request => request;

    /// <summary>Makes the request of a host, from the results before it and the host's name; null for a task with one request.</summary>
    public Func<Results, string?, object?>? RequestFactory { get; init; }

    /// <summary>True when the operation is called once for each item, so that the factory makes <see cref="ItemRequests"/>.</summary>
    public bool HasItems { get; init; }

    /// <summary>Creates the typed value of a reply; null for a task without one.</summary>
    public Func<OperationReply, object?>? ValueOf { get; private init; }

    public override string? Problem => operation switch
    {
        null => "has no operation",
        { RunsOn: RunsOn.Host } when target is null => $"calls {operation}, which runs on hosts and needs a target",
        { RunsOn: RunsOn.Controller } when target is not null => $"calls {operation}, which the controller answers itself: it takes no target",
        _ when RequestFactory is not null => null,
        _ => ProblemOf(request),
    };

    public static OperationBody Typed<TRequest, TResult>(Operation<TRequest, TResult> operation, PlanTarget target, TRequest request)
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

    public static OperationBody Made<TRequest, TResult>(Operation<TRequest, TResult> operation, PlanTarget target, Func<Results, string?, TRequest> request)
        where TRequest : notnull
        where TResult : notnull => new(operation, target, request: null)
        {
            ValueOf = reply => reply.As(operation),
            RequestFactory = request is null ? null : (results, host) => request(results, host),
        };

    public static OperationBody Made<TRequest, TResult>(ControllerOperation<TRequest, TResult> operation, Func<Results, TRequest> request)
        where TRequest : notnull
        where TResult : notnull => new(operation, target: null, request: null)
        {
            ValueOf = reply => reply.Document.Deserialize(operation.Result),
            RequestFactory = request is null ? null : (results, _) => request(results),
        };

    /// <summary>Returns the problem of a request, as text that follows the task's name; null when there is none.</summary>
    public string? ProblemOf(object? made)
    {
        if (!operation.RequestInfo.Type.IsInstanceOfType(made))
            return $"calls {operation} with a request of type {made?.GetType().Name ?? "null"} instead of {operation.RequestInfo.Type.Name}";
        try
        {
            var members = JsonSerializer.SerializeToNode(made, operation.RequestInfo)!.AsObject();
            var problems = RequestBinder.Bind(operation.RequestInfo, members).Text;
            return problems.Length == 0 ? null : $"calls {operation} with a wrong request: {problems}";
        }
        catch (JsonException exception)
        {
            // A null that is not allowed cannot be serialized.
            return $"calls {operation} with a wrong request: {exception.Message}";
        }
    }

    public override Task<Result> InvokeAsync(CellCall call) =>
        call is HostsCall hosts ? CallHostsAsync(hosts) : ControllerCall.SendAsync(this, call);

    private async Task<Result> CallHostsAsync(HostsCall call)
    {
        call.Answer = await new HostCall(this, call, call.Plan.Options.TimeProvider).AnswerAsync().ConfigureAwait(false);
        return Answered;
    }
}
