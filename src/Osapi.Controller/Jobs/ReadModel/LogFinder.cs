using Microsoft.Extensions.Logging;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>Finds out whether the log is still the one that the read model follows.</summary>
/// <remarks>
/// A server that was cut off reports an earlier end, or another log, until it has caught up. Nothing that is known is
/// dropped before the log has taken in a marker, which its leader decides.
/// </remarks>
internal sealed partial class LogFinder(ITransport transport, JobIndex index, IndexWriter writer, LogMarkers markers, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Gets the state of the log, from which the read model can tell where to continue.</summary>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public async Task<StreamState> FindAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var log = await transport.StateAsync(StreamName.Jobs, cancellationToken);
            var isContinued = true;
            await writer.RunAsync(() => isContinued = index.IsContinuedBy(log), cancellationToken);
            if (isContinued)
                return log;
            var marker = await markers.AppendAsync(cancellationToken);
            log = await transport.StateAsync(StreamName.Jobs, cancellationToken);
            // The marker itself would hide that one message is missing.
            if (log.LastSequence >= marker)
                return log with { LastSequence = marker - 1 };
            LogLagging(log.LastSequence, marker);
            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of jobs cannot be read, trying again: a server reports that it ends at {Reported}, but it already has {Marker}")]
    private partial void LogLagging(long reported, long marker);
}
