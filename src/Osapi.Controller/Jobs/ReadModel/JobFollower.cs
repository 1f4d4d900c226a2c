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
    ITransport transport, JobIndex index, ActiveJobs board, JobIndexHealth health, SkippedMessages passedOver, TimeProvider time, ILogger<JobFollower> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private const string Recreated = "the log of jobs was made anew";
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> marks = new();
    private readonly AsyncSignal pulse = new();
    private long position;
    private long renewedAt;
    private bool renewing;
    private bool hasFollowed;

    /// <summary>The sequence up to which the log was read.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>The task that completes when more of the log was read.</summary>
    public Task Advance => pulse.WaitAsync;

    /// <summary>Waits until the log was read up to a sequence.</summary>
    /// <exception cref="TransportException">The read model cannot follow the log.</exception>
    public async Task ReachAsync(long sequence, CancellationToken cancellationToken)
    {
        long before = 0;
        for (var advance = Advance; Position < sequence; advance = Advance)
        {
            before = Position < before ? throw new TransportException(Recreated) : Position;
            var wrong = health.Begun;
            if (await Task.WhenAny(advance, wrong).WaitAsync(cancellationToken) == wrong)
                throw new TransportException(await wrong);
        }
    }

    /// <summary>Waits until everything that is now in the log has been read.</summary>
    /// <remarks>
    /// The end of the log is marked by a message, because there is no other way to find it: the newest messages may
    /// have been removed long ago. The marker stays, so that every follower reaches the last sequence of the log.
    /// </remarks>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var mark = $"{JobLogEntry.Mark}{Guid.NewGuid():N}";
        var seen = marks[mark] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await transport.AppendAsync([new(StreamName.Jobs, mark, ReadOnlyMemory<byte>.Empty)], cancellationToken);
        var running = ExecuteTask ?? throw new InvalidOperationException("The follower has not started.");
        var wrong = health.Begun;
        var ended = await Task.WhenAny(seen.Task, running, wrong).WaitAsync(cancellationToken);
        await ended;
        if (ended == wrong)
            throw new TransportException(await wrong);
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
                    health.Begin($"{JobIndexHealth.Describe(exception)}; it is made again from the log");
                    await PersistAsync(() => LogRenewed(index.Renew(), JobIndexHealth.Describe(exception)), stoppingToken);
                }
        }
        finally
        {
            board.Close();
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var log = await transport.StateAsync(StreamName.Jobs, cancellationToken);
        await PersistAsync(() => Find(log), cancellationToken);
        IReadOnlyList<IndexedJob> unfinished = [];
        await PersistAsync(() => unfinished = index.Unfinished(), cancellationToken);
        foreach (var job in unfinished)
            board.Add(new ActiveJob(job));
        if (renewing)
            renewedAt = (await transport.AppendAsync([new(StreamName.Jobs, $"mark.{Guid.NewGuid():N}", ReadOnlyMemory<byte>.Empty)], cancellationToken)).Sequence;

        // The reader of the log only fills the channel, so that a burst becomes few commits of the read model.
        var arrived = Channel.CreateBounded<Message>(new BoundedChannelOptions(4 * BatchSize) { SingleReader = true, SingleWriter = true });
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(Position, arrived.Writer, leaving.Token);
        try
        {
            List<JobLogEntry> messages = [];
            while (await arrived.Reader.WaitToReadAsync(cancellationToken))
            {
                while (messages.Count < BatchSize && arrived.Reader.TryRead(out var message))
                    messages.Add(JobLogEntry.Read(message));
                await ApplyBatchAsync(messages, cancellationToken);
                messages.Clear();
            }
        }
        finally
        {
            await leaving.CancelAsync();
            await reading;
        }
    }

    // A marker in a log that is gone is never read.
    private void ForgetMarks()
    {
        pulse.Set();
        foreach (var mark in marks.Keys)
            if (marks.TryRemove(mark, out var seen))
                seen.TrySetException(new TransportException(Recreated));
    }

    private async Task ReadAsync(long after, ChannelWriter<Message> arrived, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in transport.FollowAsync(StreamName.Jobs, "", after, cancellationToken))
                await arrived.WriteAsync(message, cancellationToken);
            arrived.Complete();
        }
        catch (Exception exception)
        {
            arrived.Complete(exception);
        }
    }

    private async Task ApplyBatchAsync(List<JobLogEntry> messages, CancellationToken cancellationToken)
    {
        LogBatch stretch = new(index, board);
        foreach (var message in messages)
            await PersistAsync(() => stretch.Add(message), cancellationToken);
        await PersistAsync(() => index.Apply(stretch.Messages, stretch.Touched), cancellationToken);
        Volatile.Write(ref position, messages[^1].Message.Sequence);
        if (renewing && position >= renewedAt)
        {
            renewing = false;
            health.End();
        }

        foreach (var id in stretch.Deleted)
            board.Remove(id);
        foreach (var job in stretch.Touched)
            board.Publish(job);
        pulse.Set();
        foreach (var (message, _) in stretch.Messages)
        {
            if (message.PassedOver is { } reason)
                passedOver.Add("jobs", message.Executor ?? message.JobId, message.Message.Subject, message.Message.Sequence, reason);
            if (marks.TryRemove(message.Message.Subject, out var seen))
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
            board.Clear("the read model is made again from the log");
        }
        else if (next < before || (next == 0 && known > 0))
        {
            if (known > 0)
                LogRecreated(known);
            board.Clear("the store came back without it, and what hosts did of it is not known here");
            // At the start, an existing marker belongs to the current log.
            if (hasFollowed)
                ForgetMarks();
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
                    health.End();
                return;
            }
            catch (SqliteException exception) when (!JobIndexHealth.IsDamage(exception))
            {
                health.Begin(JobIndexHealth.Describe(exception));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                health.Begin($"the read model cannot be made: {exception.Message}");
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of jobs was made anew, or is older than what was read of it: {Count} jobs are forgotten")]
    private partial void LogRecreated(long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The damaged read model was moved to {Aside}; it is made again from the log: {Reason}")]
    private partial void LogRenewed(string aside, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of jobs cannot be read, trying again: {Reason}")]
    private partial void LogNotRead(string reason);
}
