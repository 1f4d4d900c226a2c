using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// Writes this agent's states of jobs. A write whose answer got lost is repeated until it is known what became of it:
/// either it stands in the log, or something else does.
/// </summary>
internal sealed partial class StateWriter(ITransport transport, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Appends the first state of an executor. The message that stands first is returned, this one or somebody else's.</summary>
    public Task<(bool Won, Message Message)> FirstAsync(string jobId, string executor, JobEvent state, CancellationToken cancellationToken) =>
        AppendAsync(jobId, executor, state, expected: 0, cancellationToken);

    /// <summary>
    /// Appends the end of what this agent started. When a controller gave it up for lost meanwhile, the end still stands
    /// after that.
    /// </summary>
    public async Task<bool> EndAsync(string jobId, string executor, JobEvent end, long startSequence, CancellationToken cancellationToken)
    {
        var (won, last) = await AppendAsync(jobId, executor, end, startSequence, cancellationToken);
        if (!won && JobJson.Event(last.Payload) is { Kind: JobEventKind.Lost } lost && lost.Ledger == end.Ledger)
            (won, _) = await AppendAsync(jobId, executor, end, last.Sequence, cancellationToken);
        return won;
    }

    private async Task<(bool Won, Message Message)> AppendAsync(string jobId, string executor, JobEvent state, long expected, CancellationToken cancellationToken)
    {
        var subject = Subjects.State(jobId, executor);
        var payload = JobJson.Bytes(state);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            try
            {
                var result = await transport.AppendAsync([new(StreamName.Jobs, subject, payload, expected)], cancellationToken);
                if (result.Appended)
                    return (true, new(subject, result.Sequence, transport.ServerNow, payload));
                var last = await transport.LastAsync(StreamName.Jobs, subject, cancellationToken);
                if (last is not null)
                    return (last.Payload.Span.SequenceEqual(payload), last);
                LogVanished(jobId);
                return (false, new(subject, 0, transport.ServerNow, payload));
            }
            catch (TransportException exception)
            {
                LogRepeating(jobId, state.Kind, exception.Message);
                await Task.Delay(pause, time, cancellationToken);
            }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: {State} could not be written, trying again: {Reason}")]
    private partial void LogRepeating(string jobId, JobEventKind state, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} was removed while it was at work here")]
    private partial void LogVanished(string jobId);
}
