using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// Writes this agent's states of jobs, and reads what stands there. A write whose answer got lost is repeated until it is known what became of it:
/// either it stands in the log, or something else does. It is given up between two attempts only, so that what was
/// asked for is not abandoned while it happens.
/// </summary>
internal sealed partial class JobStatePublisher(ITransport transport, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    private readonly RetryLoop retry = new(time, RetryDelay, MaxRetryDelay);

    /// <summary>The states of an executor of which nothing is known yet.</summary>
    public ExecutorLog Open(JobId jobId, string executor) => new(transport, jobId, executor);

    /// <summary>The states of an executor that this agent started, as its ledger knows it.</summary>
    public ExecutorLog Open(JobId jobId, string executor, JobEvent started, long sequence) =>
        new(transport, new ExecutorFold(jobId, executor, new(started, sequence, default), sequence));

    /// <summary>Appends a state of an executor, if it may come next.</summary>
    /// <param name="states">The executor's states; they say afterwards what stands there.</param>
    /// <param name="next">The state.</param>
    /// <param name="giveUp">Stops trying.</param>
    /// <param name="onlyAfter">Says of what stands there whether it is still to be appended; it is when null.</param>
    public Task<bool> AppendAsync(ExecutorLog states, JobEvent next, Func<JobEvent?, bool>? onlyAfter, CancellationToken giveUp) =>
        RetryAsync(states.Fold.JobId, next.Kind.ToString(), () => states.AppendAsync(next, onlyAfter, CancellationToken.None), giveUp);

    /// <summary>Reads an executor's states.</summary>
    public Task ReadAsync(ExecutorLog states, CancellationToken giveUp) => RetryAsync(states.Fold.JobId, "its state", async () =>
    {
        await states.ReadAsync(CancellationToken.None);
        return true;
    }, giveUp);

    /// <summary>True when the last that a host was told of a job is to cancel it.</summary>
    public async Task<bool> IsCancelledAsync(JobId jobId, string hostKey, CancellationToken giveUp) =>
        await RetryAsync(jobId, "its command", () => transport.LastAsync(StreamName.Commands, Subjects.Command(hostKey, jobId), CancellationToken.None), giveUp) is { } last
        && JobCommand.TryParse(last.Payload, out var command, out _) && command.Kind == CommandKind.Cancel;

    /// <summary>
    /// Writes the end of what this agent started. When a controller gave it up for lost meanwhile, the end still stands
    /// after that.
    /// </summary>
    /// <param name="states">The executor's states.</param>
    /// <param name="started">Who says so: this run of the agent.</param>
    /// <param name="entry">How it ended.</param>
    /// <param name="giveUp">Stops trying.</param>
    public async Task EndAsync(ExecutorLog states, JobEvent started, ReadOnlyMemory<byte> entry, CancellationToken giveUp)
    {
        var (jobId, executor) = (states.Fold.JobId, states.Fold.Executor);
        var end = await RetryAsync(jobId, "its result", () => JobEntries.FinishedAsync(transport, started, jobId, executor, entry, CancellationToken.None), giveUp);
        if (!await AppendAsync(states, end, onlyAfter: null, giveUp) && states.Fold.State is null)
            LogVanished(jobId);
    }

    private Task<T> RetryAsync<T>(JobId jobId, string what, Func<Task<T>> call, CancellationToken giveUp) =>
        retry.RunAsync(call, reason => LogRetrying(jobId, what, reason), giveUp);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: the store did not answer for {Operation}, trying again: {Reason}")]
    private partial void LogRetrying(JobId jobId, string operation, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} was deleted while it ran here")]
    private partial void LogVanished(JobId jobId);
}
