using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// Appends this agent's states of jobs to the log, and reads the existing states. An append whose response was lost is repeated until its outcome is known:
/// either its message is in the log, or another one is. The cancellation token is checked only between two attempts, so that
/// a running append is never abandoned.
/// </summary>
internal sealed partial class JobStatePublisher(ITransport transport, TimeProvider time, ILogger logger)
{
    private const int CommandPage = 100;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    private readonly RetryLoop retry = new(time, RetryDelay, MaxRetryDelay);

    /// <summary>Opens the states of an executor without reading them.</summary>
    public ExecutorLog Open(JobId jobId, string executor) => new(transport, jobId, executor);

    /// <summary>Opens the states of an executor that this agent started, with the state from its ledger.</summary>
    public ExecutorLog Open(JobId jobId, string executor, JobEvent started, long sequence) =>
        new(transport, new ExecutorFold(jobId, executor, new(started, sequence, default), sequence));

    /// <summary>Appends a state of an executor, if it is a valid next state.</summary>
    /// <param name="states">The executor's states; updated to the log's content.</param>
    /// <param name="next">The state.</param>
    /// <param name="giveUp">Stops the attempts.</param>
    /// <param name="condition">Decides from the current state whether the state is still to be appended; null means always.</param>
    public Task<bool> AppendAsync(ExecutorLog states, JobEvent next, Func<JobEvent?, bool>? condition, CancellationToken giveUp) =>
        RetryAsync(states.Fold.JobId, next.Kind.ToString(), () => states.AppendAsync(next, condition, CancellationToken.None), giveUp);

    /// <summary>Reads an executor's states.</summary>
    public Task ReadAsync(ExecutorLog states, CancellationToken giveUp) => RetryAsync(states.Fold.JobId, "its state", async () =>
    {
        await states.ReadAsync(CancellationToken.None);
        return true;
    }, giveUp);

    /// <summary>Determines whether a command for a job on a host is a cancel. A later message, which may be anybody's, does not hide it.</summary>
    public Task<bool> IsCancelledAsync(JobId jobId, string hostKey, CancellationToken giveUp) => RetryAsync(jobId, "its command", async () =>
    {
        var after = 0L;
        while (await transport.ReadAsync(StreamName.Commands, Subjects.Command(hostKey, jobId), after, CommandPage, CancellationToken.None) is { Count: > 0 } page)
        {
            if (page.Any(message => JobCommand.TryParse(message, out var command, out _) && command.Kind == CommandKind.Cancel))
                return true;
            after = page[^1].Sequence;
        }

        return false;
    }, giveUp);

    /// <summary>
    /// Appends the end of a job that this agent started. It is appended even when a controller has marked the job as lost
    /// meanwhile.
    /// </summary>
    /// <param name="states">The executor's states.</param>
    /// <param name="started">The start by this session of the agent.</param>
    /// <param name="entry">The reply of the host.</param>
    /// <param name="output">The output that is in the store in chunks; null when the reply has all of it.</param>
    /// <param name="giveUp">Stops the attempts.</param>
    public async Task EndAsync(ExecutorLog states, JobEvent started, ReadOnlyMemory<byte> entry, StoredOutput? output, CancellationToken giveUp)
    {
        var (jobId, executor) = (states.Fold.JobId, states.Fold.Executor);
        var end = await RetryAsync(jobId, "its result", () => JobEntries.FinishedAsync(transport, started with { Output = output }, jobId, executor, entry, CancellationToken.None), giveUp);
        if (!await AppendAsync(states, end, condition: null, giveUp) && states.Fold.State is null)
            LogVanished(jobId);
    }

    /// <summary>Appends the end of a job that this agent started, if the first attempt succeeds and the reply is small.</summary>
    /// <returns>False when the end may not be in the log.</returns>
    public async Task<bool> TryEndAsync(ExecutorLog states, JobEvent started, ReadOnlyMemory<byte> entry)
    {
        if (entry.Length > JobEntries.MaxInlineSize)
            return false;
        var jobId = states.Fold.JobId;
        try
        {
            var end = await JobEntries.FinishedAsync(transport, started, jobId, states.Fold.Executor, entry, CancellationToken.None);
            if (!await states.AppendAsync(end, condition: null, CancellationToken.None) && states.Fold.State is null)
                LogVanished(jobId);
            return true;
        }
        catch (TransportException exception)
        {
            LogRetrying(jobId, "its result", exception.Message);
            return false;
        }
    }

    /// <summary>Appends the start and the end of a job without states, together and once.</summary>
    /// <returns>
    /// False when the job may have a state, the reply is too large, or the store did not respond: then the states must
    /// be read.
    /// </returns>
    public async Task<bool> StartAndEndAsync(JobId jobId, string executor, JobEvent start, ReadOnlyMemory<byte> entry)
    {
        if (entry.Length > JobEntries.MaxInlineSize)
            return false;
        try
        {
            var end = await JobEntries.FinishedAsync(transport, start, jobId, executor, entry, CancellationToken.None);
            return await Open(jobId, executor).TryAppendWholeAsync(end, CancellationToken.None);
        }
        catch (TransportException exception)
        {
            LogRetrying(jobId, "its start and its result", exception.Message);
            return false;
        }
    }

    private Task<T> RetryAsync<T>(JobId jobId, string what, Func<Task<T>> call, CancellationToken giveUp) =>
        retry.RunAsync(call, reason => LogRetrying(jobId, what, reason), giveUp);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: the store did not respond for {Operation}, trying again: {Reason}")]
    private partial void LogRetrying(JobId jobId, string operation, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} was deleted while it ran here")]
    private partial void LogVanished(JobId jobId);
}
