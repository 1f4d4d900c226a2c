using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Osapi.Transport;

namespace Osapi.Controller.Jobs;

/// <summary>Follows the log: first the read model learns of each message, then whoever waits for it.</summary>
internal sealed class JobFollower(ITransport transport, JobIndex index, JobBoard board) : BackgroundService
{
    private const int Stretch = 500;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> marks = new();

    /// <summary>
    /// Completes when everything that is in the log at this moment has been read. The end of the log is marked by a
    /// message, because nothing else tells where it is: the newest messages may have been removed long ago.
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
        await transport.PurgeAsync(StreamName.Jobs, mark, before: null, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await FollowAsync(stoppingToken);
        }
        finally
        {
            board.Close();
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var position = index.Position(await transport.StateAsync(StreamName.Jobs, cancellationToken));
        foreach (var job in index.Unfinished())
            board.Add(new ActiveJob(job));

        // The reader of the log only fills the channel, so that a burst becomes few commits of the read model.
        var arrived = Channel.CreateBounded<Message>(new BoundedChannelOptions(4 * Stretch) { SingleReader = true, SingleWriter = true });
        var reading = ReadAsync(position, arrived.Writer, cancellationToken);
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

    private async Task ReadAsync(long position, ChannelWriter<Message> arrived, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in transport.FollowAsync(StreamName.Jobs, "", position, cancellationToken))
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
        Dictionary<string, ActiveJob> touched = [];
        foreach (var message in messages)
            if (message.Record is { } record)
                touched[record.Id] = board.Add(record);
            else if (message.State is { } state && Find(message.JobId, touched) is { } job)
                job.Apply(message.Executor!, state);
        index.Apply(messages, touched.Values);
        foreach (var job in touched.Values)
            board.Show(job);
        foreach (var message in messages)
            if (marks.TryRemove(message.Message.Subject, out var seen))
                seen.TrySetResult();
    }

    // A lost job that ends after all is not on the board any more.
    private ActiveJob? Find(string jobId, Dictionary<string, ActiveJob> touched)
    {
        if (touched.TryGetValue(jobId, out var job))
            return job;
        job = board.Find(jobId) ?? (index.Find(jobId) is { } earlier ? new ActiveJob(earlier) : null);
        return job is null ? null : touched[jobId] = job;
    }
}
