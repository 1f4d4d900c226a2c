using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<string, TaskCompletionSource> markers = new();
    private readonly AsyncSignal advanced = new();
    private long position;
    private long renewedAt;
    private bool renewing;
    private bool hasFollowed;

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
    /// <remarks>
    /// The end of the log is marked by a message, because there is no other way to find it: the newest messages may
    /// have been removed long ago. The marker stays, so that every follower reaches the last sequence of the log.
    /// </remarks>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var marker = $"{JobLogEntry.MarkerPrefix}{Guid.NewGuid():N}";
        var seen = markers[marker] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await transport.AppendAsync([new(StreamName.Jobs, marker, ReadOnlyMemory<byte>.Empty)], cancellationToken);
        var running = ExecuteTask ?? throw new InvalidOperationException("The follower has not started.");
        var problem = health.ProblemDetected;
        var ended = await Task.WhenAny(seen.Task, running, problem).WaitAsync(cancellationToken);
        await ended;
        if (ended == problem)
            throw new TransportException(await problem);
        if (ended == running)
            throw new OperationCanceledException("The controller stopped before it had read its log.");
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
                    await Task.Delay(RetryDelay, time, stoppingToken);
                }
                catch (SqliteException exception) when (JobIndexHealth.IsDamage(exception))
                {
                    renewing = true;
                    health.ReportProblem($"{JobIndexHealth.Describe(exception)}; it is rebuilt from the log");
                    await PersistAsync(() => LogRenewed(index.Renew(), JobIndexHealth.Describe(exception)), stoppingToken);
                }
        }
        finally
        {
            activeJobs.Close();
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var log = await transport.StateAsync(StreamName.Jobs, cancellationToken);
        await PersistAsync(() => Find(log), cancellationToken);
        IReadOnlyList<IndexedJob> unfinished = [];
        await PersistAsync(() => unfinished = index.Unfinished(), cancellationToken);
        foreach (var job in unfinished)
            activeJobs.Add(new ActiveJob(job));
        if (renewing)
            renewedAt = (await transport.AppendAsync([new(StreamName.Jobs, $"mark.{Guid.NewGuid():N}", ReadOnlyMemory<byte>.Empty)], cancellationToken)).Sequence;

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

    // A marker in a log that is gone is never read.
    private void ForgetMarkers()
    {
        advanced.Set();
        foreach (var marker in markers.Keys)
            if (markers.TryRemove(marker, out var seen))
                seen.TrySetException(new TransportException(RecreatedReason));
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
            await PersistAsync(() => batch.Add(message), cancellationToken);
        await PersistAsync(() => index.Apply(batch.Messages, batch.Touched), cancellationToken);
        Volatile.Write(ref position, messages[^1].Message.Sequence);
        if (renewing && position >= renewedAt)
        {
            renewing = false;
            health.ReportRecovery();
        }

        foreach (var id in batch.Deleted)
            activeJobs.Remove(id);
        foreach (var job in batch.Touched)
            activeJobs.Publish(job);
        advanced.Set();
        foreach (var (message, _) in batch.Messages)
        {
            if (message.SkipReason is { } reason)
                skipped.Add("jobs", message.Executor ?? message.JobId?.ToString() ?? "", message.Message.Subject, message.Message.Sequence, reason);
            if (markers.TryRemove(message.Message.Subject, out var seen))
                seen.TrySetResult();
        }
    }

    // Finds the position to continue from. The state of a log that is gone is dropped.
    private void Find(StreamState log)
    {
        var (before, known) = (Position, index.Counts().Values.Sum());
        var next = index.Position(log);
        Volatile.Write(ref position, next);
        if (renewing)
        {
            activeJobs.Clear("the read model is being rebuilt from the log");
        }
        else if (next < before || (next == 0 && known > 0))
        {
            if (known > 0)
                LogRecreated(known);
            activeJobs.Clear("the store lost it, and its outcome is unknown");
            // At the start, an existing marker belongs to the current log.
            if (hasFollowed)
                ForgetMarkers();
        }

        hasFollowed = true;
    }

    // Repeated until it succeeds, because no message of the log may be skipped. Each step checks before it changes
    // anything in memory, or is one commit.
    private async Task PersistAsync(Action step, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                step();
                if (!renewing)
                    health.ReportRecovery();
                return;
            }
            catch (SqliteException exception) when (!JobIndexHealth.IsDamage(exception))
            {
                health.ReportProblem(JobIndexHealth.Describe(exception));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                health.ReportProblem($"the read model cannot be created: {exception.Message}");
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of jobs was recreated, or restored from an older copy: {Count} jobs are forgotten")]
    private partial void LogRecreated(long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The damaged read model was moved to {Path}; it is rebuilt from the log: {Reason}")]
    private partial void LogRenewed(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of jobs cannot be read, trying again: {Reason}")]
    private partial void LogNotRead(string reason);
}
