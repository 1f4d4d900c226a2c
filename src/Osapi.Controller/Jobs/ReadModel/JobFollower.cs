using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>
/// Follows the log: applies each message to its job in memory, wakes the waiting callers, and hands it to the read
/// model.
/// </summary>
internal sealed partial class JobFollower(
    ITransport transport, JobIndex index, ActiveJobs activeJobs, JobIndexHealth health, LogRewind rewind, SkippedMessages skipped, TimeProvider time, ILogger<JobFollower> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly LogMarkers markers = new(transport);
    private readonly IndexWriter writer = new(index, health, time, logger);
    private readonly IndexProgress progress = new(health);
    private readonly TaskCompletionSource logFound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc cref="IndexProgress.Position"/>
    public long Position => progress.Position;

    /// <inheritdoc cref="IndexProgress.Advance"/>
    public Task Advance => progress.Advance;

    /// <inheritdoc cref="IndexProgress.Hurry"/>
    public void Hurry() => progress.Hurry();

    /// <inheritdoc cref="IndexProgress.ReachAsync"/>
    public Task ReachAsync(long sequence, CancellationToken cancellationToken) => progress.ReachAsync(sequence, cancellationToken);

    /// <summary>Has a job's messages read again if the position of one was passed and it is not known: the broker left it, or an earlier one, out.</summary>
    public void RequireMessage(JobId id, long sequence, Func<bool> isKnown)
    {
        // In this order: it is known before its position is passed.
        if (Position >= sequence && !isKnown())
            rewind.Request(index.Find(id)?.Sequence ?? sequence);
    }

    /// <summary>Waits until everything that is now in the log has been read.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        // A marker before that would hide that the log ends earlier than the read model.
        await WaitAsync(logFound.Task, cancellationToken);
        await WaitAsync(await markers.AppendAwaitedAsync(cancellationToken), cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
                try
                {
                    await FollowAsync(stoppingToken);
                    return;
                }
                catch (TransportException exception)
                {
                    LogNotRead(exception.Message);
                    // Without its store a controller does not start.
                    logFound.TrySetException(exception);
                    await Task.Delay(RetryDelay, time, stoppingToken);
                }
                catch (SqliteException exception) when (JobIndexHealth.IsDamage(exception))
                {
                    await writer.RenewAsync(exception, stoppingToken);
                }
        }
        finally
        {
            activeJobs.Close();
        }
    }

    private async Task WaitAsync(Task reached, CancellationToken cancellationToken)
    {
        var running = ExecuteTask ?? throw new InvalidOperationException("The follower has not started.");
        var problem = health.ProblemDetected;
        var ended = await Task.WhenAny(reached, running, problem).WaitAsync(cancellationToken);
        await ended;
        if (ended == problem)
            throw new TransportException(await problem);
        if (ended == running)
            throw new OperationCanceledException("The controller stopped before it had read its log.");
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var log = await new LogFinder(transport, index, writer, markers, time, logger).FindAsync(cancellationToken);
        var rewinding = rewind.Begin(out var leftOut);
        await writer.CommitAsync(() => Find(log, leftOut), cancellationToken);
        IReadOnlyList<IndexedJob> unfinished = [];
        await writer.RunAsync(() => unfinished = index.Unfinished(), cancellationToken);
        foreach (var job in unfinished)
            activeJobs.Add(new ActiveJob(job));
        if (writer.IsRebuilding)
            writer.RebuildUpTo(await markers.AppendAsync(cancellationToken));

        IndexBacklog backlog = new(index, writer, progress, markers, skipped);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(rewinding, ending.Token);
        var writing = WriteAsync(backlog, ending);
        try
        {
            await new LogApplier(index, activeJobs, writer, backlog).RunAsync(token => transport.FollowAsync(StreamName.Jobs, "", Position, token), reading, ending.Token);
        }
        catch (OperationCanceledException) when (rewinding.IsCancellationRequested && !ending.IsCancellationRequested)
        {
            throw new TransportException("a message was left out");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The read model failed, and the task that writes it has the reason.
        }
        finally
        {
            // The log is read again from the position of the read model, which must be what the jobs in memory have.
            backlog.Complete();
            await writing;
        }
    }

    private static async Task WriteAsync(IndexBacklog backlog, CancellationTokenSource ending)
    {
        try
        {
            await backlog.RunAsync(ending.Token);
        }
        catch
        {
            await ending.CancelAsync();
            throw;
        }
    }

    // Finds the position to continue from. The state of a log that is gone is dropped.
    private void Find(StreamState log, long? leftOut)
    {
        if (leftOut is { } sequence)
            progress.Set(index.Rewind(sequence - 1));
        var (before, known) = (Position, index.Counts().Values.Sum());
        var next = index.Position(log);
        progress.Set(next);
        if (writer.IsRebuilding)
        {
            activeJobs.Clear("the read model is being rebuilt from the log");
        }
        else if (next < before || (next == 0 && known > 0 && leftOut is null))
        {
            if (known > 0)
                LogRecreated(known);
            activeJobs.Clear("the store lost it, and its outcome is unknown");
            progress.Wake();
            markers.Fail(IndexProgress.RecreatedReason);
        }

        logFound.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of jobs was recreated, or restored from an older copy: {Count} jobs are forgotten")]
    private partial void LogRecreated(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of jobs cannot be read, trying again: {Reason}")]
    private partial void LogNotRead(string reason);
}
