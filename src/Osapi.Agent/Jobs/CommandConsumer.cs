using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Reads the commands to this host.</summary>
/// <remarks>
/// It never waits for a free slot itself, so that a cancel overtakes waiting jobs. It records the position before which
/// every command is done.
/// </remarks>
internal sealed partial class CommandConsumer(
    ITransport transport, Ledger ledger, JobRunner runner, RunningJobs running, JobSlots slots, JobSlots quickSlots, AgentIdentity identity, SkippedMessages skipped, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // Binding the request of a larger command would delay the next one.
    private const int MaxSmall = 16 * 1024;

    private readonly RetryLoop retry = new(time, RetryDelay);
    private readonly CommandPositions positions = new(ledger);

    public async Task RunAsync(JobTasks tasks, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
            await retry.RunAsync(() => FollowAsync(tasks, stopping), LogUnreadable, stopping);
    }

    private async Task FollowAsync(JobTasks tasks, CancellationToken stopping)
    {
        var log = await transport.StateAsync(StreamName.Commands, stopping);
        var after = positions.Begin(log);
        var prefix = Subjects.CommandsOf(identity.Key);
        if (transport.DeliversLive)
            await new LiveCommands(transport, prefix, message => Receive(message, tasks, stopping), time, logger).RunAsync(log, after, stopping);
        else
            await foreach (var message in transport.FollowAsync(StreamName.Commands, prefix, after, stopping))
                Receive(message, tasks, stopping);
        stopping.ThrowIfCancellationRequested();
    }

    private CommandReceipt Receive(Message message, JobTasks tasks, CancellationToken stopping)
    {
        if (JobCommand.TryParse(message, out var command, out var reason) && message.Subject != Subjects.Command(identity.Key, command.JobId))
            (command, reason) = (null, "its job differs from the one in its subject");
        if (command is { Kind: CommandKind.Run })
        {
            // The job is registered here, so that a cancel, which comes after the start, finds it even while it waits for a slot.
            if (positions.Take(command.JobId, message.Sequence, running) is not { } received)
                return CommandReceipt.Known;
            tasks.Start(command.JobId, () => RunAsync(command, message, received, stopping), here: message.Payload.Length <= MaxSmall);
            return CommandReceipt.New;
        }

        if (message.Sequence > 0)
            positions.Pass(message.Sequence);
        if (command is not null)
        {
            tasks.Start(command.JobId, () => running.CancelAsync(command.JobId));
            return CommandReceipt.Known;
        }

        // The log has it as well, where it is counted once.
        if (message.Sequence > 0)
            skipped.Add("commands", "commands", message.Subject, message.Sequence, reason!);
        return CommandReceipt.Invalid;
    }

    private async Task RunAsync(JobCommand command, Message message, ReceivedCommand received, CancellationToken stopping)
    {
        using (received.Job)
        using (var slot = await (runner.IsQuick(command) ? quickSlots : slots).AcquireAsync(stopping))
            await runner.RunDirectedAsync(command, message, slot.Dispose, received.Job.Cancelled, stopping);
        positions.End(received);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The commands cannot be read, trying again: {Reason}")]
    private partial void LogUnreadable(string reason);
}
