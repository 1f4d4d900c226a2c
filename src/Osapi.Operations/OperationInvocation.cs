using System.Text.Json;

namespace Osapi.Operations;

/// <summary>Typed calls on any <see cref="IOperationInvoker"/>.</summary>
public static class OperationInvocation
{
    /// <summary>Calls a host operation and waits for the hosts that the target names.</summary>
    public static async Task<JobReply<TResult>> InvokeAsync<TRequest, TResult>(
        this IOperationInvoker invoker, Operation<TRequest, TResult> operation, TRequest request, Target target, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        var reply = await invoker.InvokeAsync(operation, request, target, options: null, cancellationToken).ConfigureAwait(false);
        return reply.As(operation);
    }

    /// <summary>Calls an operation of the controller.</summary>
    public static async Task<TResult> InvokeAsync<TRequest, TResult>(
        this IOperationInvoker invoker, ControllerOperation<TRequest, TResult> operation, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(operation);
        var reply = await invoker.InvokeAsync(operation, request, target: null, options: null, cancellationToken).ConfigureAwait(false);
        return reply.Document.Deserialize(operation.Result) ?? throw new JsonException($"The answer to {operation.Id} is empty.");
    }

    /// <summary>Asks each host what an operation would change there, and changes nothing: see <see cref="HostReply{T}.Check"/>.</summary>
    public static async Task<JobReply<TResult>> CheckAsync<TRequest, TResult>(
        this IOperationInvoker invoker, Operation<TRequest, TResult> operation, TRequest request, Target target, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        var reply = await invoker.InvokeAsync(operation, request, target, new() { Check = true }, cancellationToken).ConfigureAwait(false);
        return reply.As(operation);
    }

    /// <summary>Asks what an operation of the controller would change, and changes nothing. What would be refused is refused.</summary>
    public static async Task<CheckResult> CheckAsync<TRequest, TResult>(
        this IOperationInvoker invoker, ControllerOperation<TRequest, TResult> operation, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(operation);
        var reply = await invoker.InvokeAsync(operation, request, target: null, new() { Check = true }, cancellationToken).ConfigureAwait(false);
        return reply.Check ?? new() { Changed = operation.IsChange(reply) };
    }
}
