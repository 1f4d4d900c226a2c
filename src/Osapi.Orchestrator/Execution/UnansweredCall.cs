using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Orchestrator.Execution;

/// <summary>Reads the job of a call that was cancelled, or whose connection broke before the response.</summary>
internal sealed class UnansweredCall(IOperationInvoker invoker, TimeProvider time)
{
    // The task has ended; a controller that hangs must not delay it.
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Determines whether the request of a call may have reached the controller, so that the job may exist.</summary>
    public static bool MayHaveArrived(OsapiException exception) => exception switch
    {
        ConnectionException { InnerException: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError } } => false,
        ConnectionException => true,
        // The status of a proxy: the controller behind it may have received the call.
        ServerException { StatusCode: 502 or 504 } => true,
        // The controller itself does not know whether the job was accepted, and names it.
        ServerException { StatusCode: 503, JobId: not null } => true,
        _ => false,
    };

    /// <summary>Reads the current results of the hosts. The id is null when the job does not exist; the results are empty when they cannot be read.</summary>
    public async Task<(JobId? JobId, IReadOnlyList<HostReply> Hosts)> ReadAsync(JobId id)
    {
        using CancellationTokenSource timeout = new(ReadTimeout, time);
        try
        {
            // A custom invoker may ignore its token.
            var job = await invoker.InvokeAsync(JobOperations.Get, new() { Id = id }, cancellationToken: timeout.Token).WaitAsync(timeout.Token).ConfigureAwait(false);
            return (id, [.. job.Responses.Values.OrderBy(response => response.Hostname, StringComparer.Ordinal).Select(response => response.ToHostReply())]);
        }
        catch (NotFoundException)
        {
            return (null, []);
        }
        catch (Exception)
        {
            // The error of the call itself is reported.
            return (id, []);
        }
    }
}
