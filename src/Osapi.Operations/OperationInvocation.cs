using System.Text.Json;

namespace Osapi.Operations;

/// <summary>Typed calls on any <see cref="IOperationInvoker"/>.</summary>
public static class OperationInvocation
{
    /// <summary>Calls a host operation and waits for the hosts that the target names.</summary>
    /// <param name="invoker">The invoker that executes the call.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request.</param>
    /// <param name="target">The hosts.</param>
    /// <param name="options">The options of the call; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call and its job.</param>
    public static async Task<JobReply<TResult>> InvokeAsync<TRequest, TResult>(
        this IOperationInvoker invoker, Operation<TRequest, TResult> operation, TRequest request, Target target, CallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        var reply = await invoker.SendAsync(operation, request, target, options, cancellationToken).ConfigureAwait(false);
        return reply.As(operation);
    }

    /// <summary>Calls an operation of the controller.</summary>
    /// <param name="invoker">The invoker that executes the call.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request.</param>
    /// <param name="options">The options of the call; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">
    /// The options request a check, whose reply is not a <typeparamref name="TResult"/>:
    /// <see cref="CheckAsync{TRequest, TResult}(IOperationInvoker, ControllerOperation{TRequest, TResult}, TRequest, CallOptions, CancellationToken)"/> returns it.
    /// </exception>
    public static async Task<TResult> InvokeAsync<TRequest, TResult>(
        this IOperationInvoker invoker, ControllerOperation<TRequest, TResult> operation, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(operation);
        if (options is { Check: true } && operation.CanBeChecked)
            throw new ArgumentException($"A check of {operation} returns predicted changes instead of its result: use CheckAsync.", nameof(options));
        var reply = await invoker.SendAsync(operation, request, target: null, options, cancellationToken).ConfigureAwait(false);
        return reply.Document.Deserialize(operation.Result) ?? throw new JsonException($"The answer to {operation.Id} is empty.");
    }

    /// <summary>Checks on each host what an operation would change, without changing it: see <see cref="HostReply{T}.Check"/>.</summary>
    /// <inheritdoc cref="InvokeAsync{TRequest, TResult}(IOperationInvoker, Operation{TRequest, TResult}, TRequest, Target, CallOptions, CancellationToken)"/>
    public static Task<JobReply<TResult>> CheckAsync<TRequest, TResult>(
        this IOperationInvoker invoker, Operation<TRequest, TResult> operation, TRequest request, Target target, CallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull => invoker.InvokeAsync(operation, request, target, (options ?? new()) with { Check = true }, cancellationToken);

    /// <summary>Checks what a controller operation would change, without changing it. It fails where the operation itself would fail.</summary>
    /// <param name="invoker">The invoker that executes the call.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request.</param>
    /// <param name="options">The options of the call; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<CheckResult> CheckAsync<TRequest, TResult>(
        this IOperationInvoker invoker, ControllerOperation<TRequest, TResult> operation, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(operation);
        var reply = await invoker.SendAsync(operation, request, target: null, (options ?? new()) with { Check = true }, cancellationToken).ConfigureAwait(false);
        return reply.Check ?? new() { Changed = operation.IsChange(reply) };
    }
}
