using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// Reads the commands to this host in order. It never waits for a free slot itself, so that a cancel overtakes the jobs
/// that do; and it remembers how far everything before is done.
/// </summary>
internal sealed class CommandLoop(ITransport transport, Ledger ledger, JobRunner runner, RunningJobs running, Slots slots, AgentIdentity identity)
{
    private readonly SortedSet<long> unfinished = [];
    private readonly Lock gate = new();
    private long newest;

    public async Task RunAsync(JobTasks tasks, CancellationToken stopping)
    {
        var log = await transport.StateAsync(StreamName.Commands, stopping);
        var cursor = ledger.Cursor;
        // A position in a log that was made anew means nothing.
        var after = cursor.StreamCreated == log.Created ? cursor.Sequence : 0;
        await foreach (var message in transport.FollowAsync(StreamName.Commands, Subjects.CommandsOf(identity.Key), after, stopping))
        {
            var command = JobJson.Command(message.Payload);
            if (command.Kind == CommandKind.Cancel)
            {
                running.Cancel(command.JobId);
                continue;
            }

            Began(message.Sequence);
            tasks.Start(command.JobId, () => RunAsync(command, message, log.Created, stopping));
        }
    }

    private async Task RunAsync(JobCommand command, Message message, DateTimeOffset logCreated, CancellationToken stopping)
    {
        using (await slots.TakeAsync(stopping))
            await runner.RunDirectedAsync(command, message, stopping);
        ledger.MoveCursor(new(logCreated, Ended(message.Sequence)));
    }

    private void Began(long sequence)
    {
        lock (gate)
        {
            unfinished.Add(sequence);
            newest = sequence;
        }
    }

    private long Ended(long sequence)
    {
        lock (gate)
        {
            unfinished.Remove(sequence);
            return unfinished.Count > 0 ? unfinished.Min - 1 : newest;
        }
    }
}
