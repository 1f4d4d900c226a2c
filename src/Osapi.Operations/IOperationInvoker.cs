using System.Text.Json;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;

namespace Osapi.Operations;

/// <summary>Invokes operations: over HTTP, in the same process, or scripted in a test.</summary>
public interface IOperationInvoker
{
    /// <summary>Invokes an operation and waits for the response.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request, of the operation's request type.</param>
    /// <param name="target">The target hosts; null for a controller operation.</param>
    /// <param name="options">The options of the call; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call and its job.</param>
    Task<OperationReply> InvokeAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken);

    /// <summary>Opens the content of a stored file as a stream. Not every invoker supports it. The caller disposes the stream.</summary>
    /// <exception cref="NotSupportedException">The invoker does not support it.</exception>
    Task<Stream> OpenContentAsync(ObjectName name, CancellationToken cancellationToken) => throw new NotSupportedException($"{GetType().Name} does not support the content of files.");

    /// <summary>Streams the changes of one job until it has ended, or of all jobs. Not every invoker supports it.</summary>
    /// <param name="id">The id of the job; null for all jobs.</param>
    /// <param name="after">The sequence number of a change; only later changes are returned. When null, all changes of one job, or new changes of all jobs.</param>
    /// <param name="cancellationToken">Stops the stream.</param>
    /// <exception cref="NotSupportedException">The invoker does not support it.</exception>
    IAsyncEnumerable<JobUpdate> WatchJobsAsync(JobId? id, long? after, CancellationToken cancellationToken) => throw new NotSupportedException($"{GetType().Name} does not support following jobs.");
}

/// <summary>Extension methods for typed calls on an <see cref="IOperationInvoker"/>.</summary>
public static class OperationInvocation
{
    /// <summary>Invokes a host operation and waits for the target hosts.</summary>
    public static async Task<JobReply<TResult>> InvokeAsync<TRequest, TResult>(
        this IOperationInvoker invoker, Operation<TRequest, TResult> operation, TRequest request, Target target, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        var reply = await invoker.InvokeAsync(operation, request, target, options: null, cancellationToken).ConfigureAwait(false);
        return reply.As(operation);
    }

    /// <summary>Invokes an operation of the controller.</summary>
    public static async Task<TResult> InvokeAsync<TRequest, TResult>(
        this IOperationInvoker invoker, ControllerOperation<TRequest, TResult> operation, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(operation);
        var reply = await invoker.InvokeAsync(operation, request, target: null, options: null, cancellationToken).ConfigureAwait(false);
        return reply.Document.Deserialize(operation.Result) ?? throw new JsonException($"The response to {operation.Id} is empty.");
    }

    /// <summary>Checks an operation on hosts: predicts its changes and changes nothing; see <see cref="HostReply{T}.Check"/>.</summary>
    public static async Task<JobReply<TResult>> CheckAsync<TRequest, TResult>(
        this IOperationInvoker invoker, Operation<TRequest, TResult> operation, TRequest request, Target target, CancellationToken cancellationToken = default)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(invoker);
        var reply = await invoker.InvokeAsync(operation, request, target, new() { Check = true }, cancellationToken).ConfigureAwait(false);
        return reply.As(operation);
    }

    /// <summary>Checks an operation of the controller: predicts its changes and changes nothing. A request that would be rejected is rejected.</summary>
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
