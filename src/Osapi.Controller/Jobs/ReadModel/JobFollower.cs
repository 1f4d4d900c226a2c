using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>Follows the log: applies each message to the read model first, then wakes the waiting callers.</summary>
internal sealed partial class JobFollower(
    ITransport transport, JobIndex index, ActiveJobs activeJobs, JobIndexHealth health, SkippedMessages skipped, TimeProvider time, ILogger<JobFollower> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private const string RecreatedReason = "the log of jobs was recreated";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly LogMarkers markers = new(transport);
    private readonly IndexWriter writer = new(index, health, time, logger);
    private readonly AsyncSignal advanced = new();
    private readonly TaskCompletionSource logFound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long position;

    /// <summary>The sequence up to which the log was read.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>The task that completes when more of the log was read.</summary>
    public Task Advance => advanced.WaitAsync;

    /// <summary>Waits until the log was read up to a sequence.</summary>
    /// <exception cref="TransportException">The read model cannot follow the log.</exception>
    public async Task ReachAsync(long sequence, CancellationToken cancellationToken)
    {
        long before = 0;
        for (var advance = Advance; Position < sequence; advance = Advance)
        {
            before = Position < before ? throw new TransportException(RecreatedReason) : Position;
            var problem = health.ProblemDetected;
            if (await WaitBudget.WaitAsync(Task.WhenAny(advance, problem), "this controller is behind the log of jobs: ask again", cancellationToken) == problem)
                throw new TransportException(await problem);
        }
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
        await writer.RunAsync(() => Find(log), cancellationToken);
        IReadOnlyList<IndexedJob> unfinished = [];
        await writer.RunAsync(() => unfinished = index.Unfinished(), cancellationToken);
        foreach (var job in unfinished)
            activeJobs.Add(new ActiveJob(job));
        if (writer.IsRebuilding)
            writer.RebuildUpTo(await markers.AppendAsync(cancellationToken));

        // The reader of the log only fills the channel, so that a burst becomes few commits of the read model.
        var received = Channel.CreateBounded<Message>(new BoundedChannelOptions(4 * BatchSize) { SingleReader = true, SingleWriter = true });
        using var readCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(Position, received.Writer, readCancellation.Token);
        try
        {
            List<JobLogEntry> messages = [];
            while (await received.Reader.WaitToReadAsync(cancellationToken))
            {
                while (messages.Count < BatchSize && received.Reader.TryRead(out var message))
                    messages.Add(JobLogEntry.Read(message));
                await ApplyBatchAsync(messages, cancellationToken);
                messages.Clear();
            }
        }
        finally
        {
            await readCancellation.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAsync(long after, ChannelWriter<Message> received, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in transport.FollowAsync(StreamName.Jobs, "", after, cancellationToken))
                await received.WriteAsync(message, cancellationToken);
            received.Complete();
        }
        catch (Exception exception)
        {
            received.Complete(exception);
        }
    }

    private async Task ApplyBatchAsync(List<JobLogEntry> messages, CancellationToken cancellationToken)
    {
        LogBatch batch = new(index, activeJobs);
        foreach (var message in messages)
            await writer.RunAsync(() => batch.Add(message), cancellationToken);
        await writer.RunAsync(() => index.Apply(batch.Messages, batch.Touched), cancellationToken);
        Volatile.Write(ref position, messages[^1].Message.Sequence);
        writer.Reach(position);
        batch.Publish();
        advanced.Set();
        foreach (var (message, _) in batch.Messages)
        {
            if (message.SkipReason is { } reason)
                skipped.Add("jobs", message.Executor ?? message.JobId?.ToString() ?? "", message.Message.Subject, message.Message.Sequence, reason);
            markers.Observe(message.Message.Subject);
        }
    }

    // Finds the position to continue from. The state of a log that is gone is dropped.
    private void Find(StreamState log)
    {
        var (before, known) = (Position, index.Counts().Values.Sum());
        var next = index.Position(log);
        Volatile.Write(ref position, next);
        if (writer.IsRebuilding)
        {
            activeJobs.Clear("the read model is being rebuilt from the log");
        }
        else if (next < before || (next == 0 && known > 0))
        {
            if (known > 0)
                LogRecreated(known);
            activeJobs.Clear("the store lost it, and its outcome is unknown");
            advanced.Set();
            markers.Fail(RecreatedReason);
        }

        logFound.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of jobs was recreated, or restored from an older copy: {Count} jobs are forgotten")]
    private partial void LogRecreated(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of jobs cannot be read, trying again: {Reason}")]
    private partial void LogNotRead(string reason);
}
