using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// Writes this agent's states of jobs, and reads what stands there. A write whose answer got lost is repeated until it is known what became of it:
/// either it stands in the log, or something else does. It is given up between two attempts only, so that what was
/// asked for is not abandoned while it happens.
/// </summary>
internal sealed partial class StateWriter(ITransport transport, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Appends a state of an executor after the one that stands at a sequence, 0 for none.</summary>
    /// <returns>The executor's newest state, this one or what somebody else wrote; null when the job was removed meanwhile.</returns>
    public Task<Message?> AppendAsync(string jobId, string executor, JobEvent state, long after, CancellationToken giveUp)
    {
        var subject = Subjects.State(jobId, executor);
        var payload = JobJson.Bytes(state);
        return RepeatAsync(jobId, state.Kind.ToString(), TryAsync, giveUp);

        async Task<Message?> TryAsync()
        {
            var result = await transport.AppendAsync([new(StreamName.Jobs, subject, payload, after)], CancellationToken.None);
            return result.Appended
                ? new(subject, result.Sequence, transport.ServerNow, payload)
                : await transport.LastAsync(StreamName.Jobs, subject, CancellationToken.None);
        }
    }

    /// <summary>An executor's newest state; null when it has none.</summary>
    public Task<Message?> NewestAsync(string jobId, string executor, CancellationToken giveUp) =>
        RepeatAsync(jobId, "its state", () => transport.LastAsync(StreamName.Jobs, Subjects.State(jobId, executor), CancellationToken.None), giveUp);

    /// <summary>True when the last that a host was told of a job is to cancel it.</summary>
    public async Task<bool> IsCancelledAsync(string jobId, string hostKey, CancellationToken giveUp) =>
        await RepeatAsync(jobId, "its command", () => transport.LastAsync(StreamName.Commands, Subjects.Command(hostKey, jobId), CancellationToken.None), giveUp) is { } last
        && CommandReader.TryRead(last.Payload) is { Kind: CommandKind.Cancel };

    /// <summary>
    /// Writes the end of what this agent started. When a controller gave it up for lost meanwhile, the end still stands
    /// after that.
    /// </summary>
    /// <param name="jobId">The job.</param>
    /// <param name="executor">The executor.</param>
    /// <param name="started">The state that the end follows.</param>
    /// <param name="after">Where that state stands.</param>
    /// <param name="entry">How it ended.</param>
    /// <param name="giveUp">Stops trying.</param>
    public async Task EndAsync(string jobId, string executor, JobEvent started, long after, ReadOnlyMemory<byte> entry, CancellationToken giveUp)
    {
        var end = await RepeatAsync(jobId, "its result", () => JobEntries.FinAsync(transport, started, jobId, executor, entry, CancellationToken.None), giveUp);
        var last = await AppendAsync(jobId, executor, end, after, giveUp);
        if (last is not null && JobJson.Event(last.Payload) is { Kind: JobEventKind.Lost } lost && lost.Ledger == end.Ledger)
            last = await AppendAsync(jobId, executor, end, last.Sequence, giveUp);
        if (last is null)
            LogVanished(jobId);
    }

    private async Task<T> RepeatAsync<T>(string jobId, string what, Func<Task<T>> call, CancellationToken giveUp)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            giveUp.ThrowIfCancellationRequested();
            try
            {
                return await call();
            }
            catch (TransportException exception)
            {
                LogRepeating(jobId, what, exception.Message);
            }

            await Task.Delay(pause, time, giveUp);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: the store did not answer for {What}, trying again: {Reason}")]
    private partial void LogRepeating(string jobId, string what, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} was removed while it was at work here")]
    private partial void LogVanished(string jobId);
}
