using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Appends this agent's states of jobs, and reads current states.</summary>
/// <remarks>
/// A write without an answer is repeated until its result is known: either it is in the log, or another state is.
/// Cancellation takes effect between two attempts only, so that a write in progress is not abandoned.
/// </remarks>
internal sealed partial class JobStatePublisher(ITransport transport, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    /// <summary>Opens the states of an executor whose state is not known yet.</summary>
    public ExecutorLog Open(JobId jobId, string executor) => new(transport, jobId, executor);

    /// <summary>Opens the states of an executor that this agent started, as recorded in its ledger.</summary>
    public ExecutorLog Open(JobId jobId, string executor, JobEvent started, long sequence) =>
        new(transport, new ExecutorFold(jobId, executor, new(started, sequence, default), sequence));

    /// <summary>Appends a state of an executor, if the transition is allowed.</summary>
    /// <param name="states">The executor's states; afterwards they include the current one.</param>
    /// <param name="next">The state.</param>
    /// <param name="giveUp">Stops retrying.</param>
    /// <param name="onlyAfter">A condition on the current state; null for none.</param>
    public Task<bool> AppendAsync(ExecutorLog states, JobEvent next, Func<JobEvent?, bool>? onlyAfter, CancellationToken giveUp) =>
        RetryAsync(states.Fold.JobId, next.Kind.ToString(), () => states.AppendAsync(next, onlyAfter, CancellationToken.None), giveUp);

    /// <summary>Reads an executor's states.</summary>
    public Task ReadAsync(ExecutorLog states, CancellationToken giveUp) => RetryAsync(states.Fold.JobId, "its state", async () =>
    {
        await states.ReadAsync(CancellationToken.None);
        return true;
    }, giveUp);

    /// <summary>True when the last command to a host about a job is a cancel.</summary>
    public async Task<bool> IsCancelledAsync(JobId jobId, string hostKey, CancellationToken giveUp) =>
        await RetryAsync(jobId, "its command", () => transport.LastAsync(StreamName.Commands, Subjects.Command(hostKey, jobId), CancellationToken.None), giveUp) is { } last
        && JobCommand.TryParse(last.Payload, out var command, out _) && command.Kind == CommandKind.Cancel;

    /// <summary>
    /// Publishes the end of a job that this agent started. The end still counts when a controller marked the job lost
    /// meanwhile.
    /// </summary>
    /// <param name="states">The executor's states.</param>
    /// <param name="started">The start, in the name of this session.</param>
    /// <param name="entry">The reply.</param>
    /// <param name="giveUp">Stops retrying.</param>
    public async Task EndAsync(ExecutorLog states, JobEvent started, ReadOnlyMemory<byte> entry, CancellationToken giveUp)
    {
        var (jobId, executor) = (states.Fold.JobId, states.Fold.Executor);
        var end = await RetryAsync(jobId, "its result", () => JobEntries.FinishedAsync(transport, started, jobId, executor, entry, CancellationToken.None), giveUp);
        if (!await AppendAsync(states, end, onlyAfter: null, giveUp) && states.Fold.State is null)
            LogRemoved(jobId);
    }

    private async Task<T> RetryAsync<T>(JobId jobId, string operation, Func<Task<T>> call, CancellationToken giveUp)
    {
        for (var delay = RetryDelay; ; delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay)
        {
            giveUp.ThrowIfCancellationRequested();
            try
            {
                return await call();
            }
            catch (TransportException exception)
            {
                LogRetrying(jobId, operation, exception.Message);
            }

            await Task.Delay(delay, time, giveUp);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: the store did not answer for {Operation}, trying again: {Reason}")]
    private partial void LogRetrying(JobId jobId, string operation, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} was deleted while it ran here")]
    private partial void LogRemoved(JobId jobId);
}
