using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Reads the commands to this host in order.</summary>
/// <remarks>
/// It never waits for a free slot itself, so that a cancel overtakes waiting jobs. It records the position before which
/// every command is done.
/// </remarks>
internal sealed partial class CommandConsumer(
    ITransport transport, Ledger ledger, JobRunner runner, RunningJobs running, JobSlots slots, JobSlots quickSlots, AgentIdentity identity, SkippedMessages skipped, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly RetryLoop retry = new(time, RetryDelay);
    private readonly SortedSet<long> unfinished = [];
    private readonly Lock gate = new();
    private LedgerCursor read = ledger.Cursor;

    public async Task RunAsync(JobTasks tasks, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
            await retry.RunAsync(() => FollowAsync(tasks, stopping), LogUnreadable, stopping);
    }

    private async Task FollowAsync(JobTasks tasks, CancellationToken stopping)
    {
        var log = await transport.StateAsync(StreamName.Commands, stopping);
        lock (gate)
            if (read.StreamCreated != log.Created || read.Sequence > log.LastSequence)
            {
                // A position in a log that was recreated, or restored from an earlier copy, is not valid. What was
                // done before is not done again: the ledger knows it.
                read = new(log.Created, 0);
                unfinished.Clear();
            }

        await foreach (var message in transport.FollowAsync(StreamName.Commands, Subjects.CommandsOf(identity.Key), read.Sequence, stopping))
            Accept(message, log.Created, tasks, stopping);
        stopping.ThrowIfCancellationRequested();
    }

    private void Accept(Message message, DateTimeOffset logCreated, JobTasks tasks, CancellationToken stopping)
    {
        if (JobCommand.TryParse(message, out var command, out var reason) && message.Subject != Subjects.Command(identity.Key, command.JobId))
            (command, reason) = (null, "its job differs from the one in its subject");
        // The job is registered here, in the order of the log, so that a cancel finds it even while it waits for a slot.
        var job = command is { Kind: CommandKind.Run } ? running.TryAdd(command.JobId) : null;
        lock (gate)
        {
            read = read with { Sequence = message.Sequence };
            if (job is not null)
                unfinished.Add(message.Sequence);
        }

        if (command is null)
            skipped.Add("commands", "commands", message.Subject, message.Sequence, reason!);
        else if (command.Kind == CommandKind.Cancel)
            tasks.Start(command.JobId, () => running.CancelAsync(command.JobId));
        else if (job is not null)
            tasks.Start(command.JobId, () => RunAsync(command, message, job, logCreated, stopping));
    }

    private async Task RunAsync(JobCommand command, Message message, RunningJobs.RunningJob job, DateTimeOffset logCreated, CancellationToken stopping)
    {
        using (job)
        using (await (runner.IsQuick(command) ? quickSlots : slots).AcquireAsync(stopping))
            await runner.RunDirectedAsync(command, message, job.Cancelled, stopping);
        lock (gate)
            if (read.StreamCreated == logCreated && unfinished.Remove(message.Sequence))
                ledger.MoveCursor(unfinished.Count > 0 ? read with { Sequence = unfinished.Min - 1 } : read);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The commands cannot be read, trying again: {Reason}")]
    private partial void LogUnreadable(string reason);
}
