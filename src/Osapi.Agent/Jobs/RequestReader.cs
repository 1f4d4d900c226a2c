using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Reads the requests of jobs: from the command, or from the object that the command names.</summary>
/// <remarks>An object that is not what the command describes is counted, and its job does not run.</remarks>
internal sealed class RequestReader(ITransport transport, AgentIdentity identity, SkippedMessages skipped, TimeProvider time)
{
    /// <summary>The maximum time to read a request, which is no part of the time limit of its operation.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>Reads a request, and returns the reply of the job instead when that fails.</summary>
    public ValueTask<(ReadOnlyMemory<byte> Request, HostReply? Refusal)> ReadAsync(JobCommand command, CancellationToken cancelled) =>
        command.RequestObject is { } stored ? new(ReadAsync(stored, cancelled)) : new((command.Request, null));

    private async Task<(ReadOnlyMemory<byte> Request, HostReply? Refusal)> ReadAsync(FileReference stored, CancellationToken cancelled)
    {
        using CancellationTokenSource deadline = new(Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancelled, deadline.Token);
        try
        {
            return await RequestObjects.ReadAsync(transport, stored, linked.Token) is { } request
                ? (request, null)
                : (default, Refusal("the request of the job is not in the object store: it was removed"));
        }
        catch (DamagedObjectException exception)
        {
            skipped.Add("requests", "requests", stored.Name, sequence: 0, exception.Message);
            return (default, Refusal("the request of the job was altered in the object store"));
        }
        catch (TransportException exception)
        {
            return (default, Refusal($"the request of the job cannot be read: {exception.Message}"));
        }
        catch (OperationCanceledException)
        {
            return (default, cancelled.IsCancellationRequested
                ? identity.Ended(Outcome.Cancelled, ErrorType.Cancelled, "cancelled before it ran")
                : Refusal($"the request of the job was not read within {Timeout.TotalSeconds:0} s"));
        }
    }

    private HostReply Refusal(string error) => identity.Ended(Outcome.Failed, ErrorType.Unavailable, error);
}
