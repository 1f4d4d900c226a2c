namespace Osapi.Operations;

/// <summary>Sends calls of operations: over HTTP, in the same process, or to a script in a test.</summary>
/// <remarks>
/// An invoker that can also transfer the content of files implements <see cref="Files.IFileDownloader"/>, and one that can
/// follow jobs <see cref="Jobs.IJobWatcher"/>.
/// </remarks>
public interface IOperationInvoker
{
    /// <summary>Sends one call and waits for its reply. <see cref="OperationInvocation"/> contains the typed forms.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="request">A value of the operation's request type.</param>
    /// <param name="target">The hosts; null for a controller operation.</param>
    /// <param name="options">The options of the call; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call and its job.</param>
    Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken);
}
