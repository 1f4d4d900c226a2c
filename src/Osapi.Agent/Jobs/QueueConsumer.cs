using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Registration;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>
/// Takes jobs for any host from the queue, only when a slot is free, so that no job waits here while another host could
/// run it.
/// </summary>
internal sealed partial class QueueConsumer(
    QueueName queue, ITransport transport, JobRunner runner, RunningJobs running, JobSlots slots, QueueGate gate, SkippedMessages skipped, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // A host that cannot write its ledger fails at once; without a delay it would take every job before other hosts do.
    private static readonly TimeSpan LedgerRetryDelay = TimeSpan.FromSeconds(30);

    private volatile bool ledgerFailed;

    public async Task RunAsync(JobTasks tasks, CancellationToken stopping)
    {
        while (true)
            try
            {
                if (ledgerFailed)
                {
                    await Task.Delay(LedgerRetryDelay, time, stopping);
                    ledgerFailed = false;
                }

                var closing = await gate.OpenAsync(stopping);
                using var slot = await slots.AcquireSpareAsync(stopping);
                using var dequeueCancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping, slot.IsRequestedBack, closing);
                await ReceiveAsync(await transport.DequeueAsync(queue, dequeueCancellation.Token), slot, tasks, stopping);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                // A command to this host needs the slot and takes precedence, or the agent was drained.
            }
            catch (TransportException exception)
            {
                LogUnavailable(exception.Message);
                await Task.Delay(RetryDelay, time, stopping);
            }
    }

    private async Task ReceiveAsync(QueueDelivery delivery, JobSlots.Slot slot, JobTasks tasks, CancellationToken stopping)
    {
        var message = delivery.Message;
        if (!JobCommand.TryParse(message.Payload, out var command, out var reason) || command.Kind != CommandKind.Run)
        {
            skipped.Add("queue", "queue", message.Subject, message.Sequence, reason ?? "only jobs to run are queued");
            // No other host can parse it either, and it would be redelivered forever.
            await delivery.AcknowledgeAsync(stopping);
            return;
        }

        // Already running here: its runner acknowledges the message.
        if (running.TryAdd(command.JobId) is { } job)
        {
            var kept = slot.Promote();
            tasks.Start(command.JobId, () => RunAsync(command, delivery, job, kept, stopping));
        }
    }

    private async Task RunAsync(JobCommand command, QueueDelivery delivery, RunningJobs.RunningJob job, JobSlots.Slot slot, CancellationToken stopping)
    {
        using (slot)
        using (job)
            try
            {
                await runner.RunAnyAsync(command, delivery, job.Cancelled, stopping);
            }
            catch (LedgerException exception)
            {
                // Not acknowledged: the queue delivers it to another host.
                ledgerFailed = true;
                LogLedgerFailed(command.JobId, LedgerRetryDelay.TotalSeconds, exception.Message);
            }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue does not answer, trying again: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} was left to other hosts, and no more are taken from the queue for {Seconds} s: {Reason}")]
    private partial void LogLedgerFailed(JobId jobId, double seconds, string reason);
}
