using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Orchestrator.Execution;

/// <summary>Finds out what became of the job of a call that was cancelled or broke off before its answer came.</summary>
internal sealed class UnansweredCall(IOperationInvoker invoker, TimeProvider time)
{
    // The task is over; a controller that hangs must not hold it.
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Determines whether the request of a call may have reached the controller, so that the job may exist.</summary>
    public static bool MayHaveArrived(OsapiException exception) => exception switch
    {
        ConnectionException { InnerException: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError } } => false,
        ConnectionException => true,
        // A proxy's words: the controller behind it may have heard of the call.
        ServerException { StatusCode: 502 or 504 } => true,
        _ => false,
    };

    /// <summary>Reads the hosts' entries as they stand. The id is empty when there is no such job; there are no entries when it cannot be read.</summary>
    public async Task<(string JobId, IReadOnlyList<HostReply> Entries)> ReadAsync(Guid id)
    {
        using CancellationTokenSource timeout = new(ReadTimeout, time);
        try
        {
            // An invoker of the plan's author may ignore its token.
            var job = await invoker.InvokeAsync(JobOperations.Get, new() { Id = $"{id}" }, cancellationToken: timeout.Token).WaitAsync(timeout.Token).ConfigureAwait(false);
            return ($"{id}", [.. job.Responses.Values.OrderBy(response => response.Hostname, StringComparer.Ordinal).Select(Entry)]);
        }
        catch (NotFoundException)
        {
            return ("", []);
        }
        catch (Exception)
        {
            // The error of the call itself is the one to be told.
            return ($"{id}", []);
        }
    }

    private static HostReply Entry(JobResponse response) => new()
    {
        Hostname = response.Hostname,
        Outcome = response.Outcome,
        Changed = response.Changed,
        Error = response.Error,
        ErrorType = response.ErrorType,
        Check = response.Check,
        Result = response.Data,
    };
}
