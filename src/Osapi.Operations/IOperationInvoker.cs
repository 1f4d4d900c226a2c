namespace Osapi.Operations;

/// <summary>Calls operations: over HTTP, in the same process, or scripted in a test.</summary>
/// <remarks>
/// An invoker that can also carry the content of files is an <see cref="Files.IFileDownloader"/>, and one that can follow
/// jobs an <see cref="Jobs.IJobWatcher"/>.
/// </remarks>
public interface IOperationInvoker
{
    /// <summary>Makes one call and waits for its answer. <see cref="OperationInvocation"/> has the same with types.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="request">A value of the operation's request type.</param>
    /// <param name="target">The hosts; null for a controller operation.</param>
    /// <param name="options">How the call is made; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call, and the job it became.</param>
    Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken);
}
