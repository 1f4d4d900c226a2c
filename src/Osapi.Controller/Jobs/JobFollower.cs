using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Follows the log: first the read model learns of each message, then whoever waits for it.</summary>
internal sealed class JobFollower(ITransport transport, JobIndex index, JobBoard board) : BackgroundService
{
    private const int Stretch = 500;
    private readonly TaskCompletionSource caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everything that was in the log at the start has been read.</summary>
    public Task CaughtUp => caughtUp.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = await transport.StateAsync(StreamName.Jobs, stoppingToken);
        var position = index.Position(log.Created);
        foreach (var job in index.Unfinished())
        {
            var active = board.Add(job.Record);
            foreach (var (executor, state) in job.States)
                active.Apply(executor, state);
        }

        if (position >= log.LastSequence)
            caughtUp.TrySetResult();

        // The reader of the log only fills the channel, so that a burst becomes few commits of the read model.
        var arrived = Channel.CreateBounded<Message>(new BoundedChannelOptions(4 * Stretch) { SingleReader = true, SingleWriter = true });
        var reading = ReadAsync(position, arrived.Writer, stoppingToken);
        List<Message> messages = [];
        while (await arrived.Reader.WaitToReadAsync(stoppingToken))
        {
            while (messages.Count < Stretch && arrived.Reader.TryRead(out var message))
                messages.Add(message);
            index.Apply(messages);
            foreach (var message in messages)
                Tell(message);
            if (messages[^1].Sequence >= log.LastSequence)
                caughtUp.TrySetResult();
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

    private void Tell(Message message)
    {
        if (Subjects.ParseState(message.Subject) is var (jobId, executor))
            board.Apply(jobId, executor, new(JobJson.Event(message.Payload), message.Sequence, message.Time));
        else
            board.Add(JobJson.Record(message.Payload));
    }
}
