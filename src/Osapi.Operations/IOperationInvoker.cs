using System.Text.Json;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;

namespace Osapi.Operations;

/// <summary>Calls operations: over HTTP, in the same process, or scripted in a test.</summary>
public interface IOperationInvoker
{
    /// <summary>Makes one call and waits for its answer.</summary>
    /// <param name="operation">What is called.</param>
    /// <param name="request">A value of the operation's request type.</param>
    /// <param name="target">The hosts; null for a controller operation.</param>
    /// <param name="options">How the call is made; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call, and the job it became.</param>
    Task<OperationReply> InvokeAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken);

    /// <summary>The content of a stored file, as it comes; not every invoker can carry it. The caller disposes it.</summary>
    /// <exception cref="NotSupportedException">This one cannot.</exception>
    Task<Stream> OpenContentAsync(ObjectName name, CancellationToken cancellationToken) => throw new NotSupportedException($"{GetType().Name} cannot carry the content of files.");

    /// <summary>The changes of one job until it is over, or of all jobs; not every invoker can carry them.</summary>
    /// <param name="id">The job; null for all.</param>
    /// <param name="after">Only changes after this one; null for all of one job, and for new ones of all jobs.</param>
    /// <param name="cancellationToken">Stops following.</param>
    /// <exception cref="NotSupportedException">This one cannot.</exception>
    IAsyncEnumerable<JobUpdate> WatchJobsAsync(JobId? id, long? after, CancellationToken cancellationToken) => throw new NotSupportedException($"{GetType().Name} cannot follow jobs.");
}

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
