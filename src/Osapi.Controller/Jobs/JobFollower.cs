using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Transport;

namespace Osapi.Controller.Jobs;

/// <summary>Follows the log: first the read model learns of each message, then whoever waits for it.</summary>
internal sealed partial class JobFollower(ITransport transport, JobIndex index, JobBoard board, TimeProvider time, ILogger<JobFollower> logger) : BackgroundService
{
    private const int Stretch = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> marks = new();
    private readonly Pulse pulse = new();
    private long position;

    /// <summary>The sequence up to which the log was read.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>Completes when more of the log was read.</summary>
    public Task Advance => pulse.Next;

    /// <summary>Completes when the log was read up to a sequence.</summary>
    public async Task ReachAsync(long sequence, CancellationToken cancellationToken)
    {
        long before = 0;
        for (var advance = Advance; Position < sequence; advance = Advance)
        {
            before = Position < before ? throw new TransportException("the log of jobs was made anew") : Position;
            await advance.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Completes when everything that is in the log at this moment has been read. The end of the log is marked by a
    /// message, because nothing else tells where it is: the newest messages may have been removed long ago. The mark stays,
    /// so that the last sequence of the log is one that every follower comes to.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var mark = $"mark.{Guid.NewGuid():N}";
        var seen = marks[mark] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await transport.AppendAsync([new(StreamName.Jobs, mark, ReadOnlyMemory<byte>.Empty)], cancellationToken);
        var running = ExecuteTask ?? throw new InvalidOperationException("The follower has not started.");
        var ended = await Task.WhenAny(seen.Task, running).WaitAsync(cancellationToken);
        await ended;
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
                    await Task.Delay(Pause, time, stoppingToken);
                }
        }
        finally
        {
            board.Close();
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var (before, known) = (Position, index.Counts().Values.Sum());
        Volatile.Write(ref position, index.Position(await transport.StateAsync(StreamName.Jobs, cancellationToken)));
        if (Position == 0)
            board.Clear();
        if (Position < before)
            ForgetMarks();
        if (Position == 0 && known > 0)
            LogMadeAnew(known);
        foreach (var job in index.Unfinished())
            board.Add(new ActiveJob(job));

        // The reader of the log only fills the channel, so that a burst becomes few commits of the read model.
        var arrived = Channel.CreateBounded<Message>(new BoundedChannelOptions(4 * Stretch) { SingleReader = true, SingleWriter = true });
        var reading = ReadAsync(Position, arrived.Writer, cancellationToken);
        List<LoggedMessage> messages = [];
        while (await arrived.Reader.WaitToReadAsync(cancellationToken))
        {
            while (messages.Count < Stretch && arrived.Reader.TryRead(out var message))
                messages.Add(LoggedMessage.Read(message));
            TakeIn(messages);
            messages.Clear();
        }

        await reading;
    }

    // A mark in a log that is gone is never read.
    private void ForgetMarks()
    {
        pulse.Beat();
        foreach (var mark in marks.Keys)
            if (marks.TryRemove(mark, out var seen))
                seen.TrySetException(new TransportException("the log of jobs was made anew"));
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

    private void TakeIn(List<LoggedMessage> messages)
    {
        JobStretch stretch = new(index, board);
        foreach (var message in messages)
            stretch.Take(message);
        index.Apply(stretch.Messages, stretch.Touched);
        Volatile.Write(ref position, messages[^1].Message.Sequence);
        foreach (var id in stretch.Deleted)
            board.Remove(id);
        foreach (var job in stretch.Touched)
            board.Show(job);
        pulse.Beat();
        foreach (var message in messages)
            if (marks.TryRemove(message.Message.Subject, out var seen))
                seen.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of jobs was made anew, or is older than what was read of it: {Count} jobs are forgotten")]
    private partial void LogMadeAnew(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of jobs cannot be read, trying again: {Reason}")]
    private partial void LogNotRead(string reason);
}
