using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Registration;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Takes jobs for any host from the queue, only while a slot is free, so that no job waits here while another host could run it.</summary>
internal sealed partial class QueueConsumer(
    QueueName queue, ITransport transport, JobRunner runner, RunningJobs running, JobSlots slots, QueueGate queueGate, SkippedMessages skippedMessages, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // A host that cannot write its ledger fails at once, so without a delay it would take all jobs before other hosts do.
    private static readonly TimeSpan LedgerRetryDelay = TimeSpan.FromSeconds(30);

    private readonly RetryLoop retry = new(time, RetryDelay);
    private volatile bool ledgerFailed;

    public async Task RunAsync(JobTasks tasks, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
            await retry.RunAsync(() => ReceiveNextAsync(tasks, stopping), LogNoQueue, stopping);
    }

    private async Task ReceiveNextAsync(JobTasks tasks, CancellationToken stopping)
    {
        if (ledgerFailed)
        {
            await Task.Delay(LedgerRetryDelay, time, stopping);
            ledgerFailed = false;
        }

        var closing = await queueGate.OpenAsync(stopping);
        using var slot = await slots.AcquireSpareAsync(stopping);
        using var dequeuing = CancellationTokenSource.CreateLinkedTokenSource(stopping, slot.IsRequestedBack, closing);
        try
        {
            await ReceiveAsync(await transport.DequeueAsync(queue, dequeuing.Token), slot, tasks, stopping);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // A command to this host requested the slot back, or the agent was drained.
        }
    }

    private async Task ReceiveAsync(QueueDelivery delivery, JobSlots.Slot slot, JobTasks tasks, CancellationToken stopping)
    {
        var message = delivery.Message;
        if (message.IsForOthers)
        {
            // Another host may have the key. It is delivered again after the acknowledge timeout, until then to nobody.
            skippedMessages.Add("queue", "queue", message.Subject, message.Sequence, message.Rejection!);
            return;
        }

        if (!JobCommand.TryParse(message, out var command, out var reason) || command.Kind != CommandKind.Run)
        {
            skippedMessages.Add("queue", "queue", message.Subject, message.Sequence, reason ?? "only jobs to run are queued");
            // No other agent could process it either, and it would be delivered again forever.
            await delivery.AcknowledgeAsync(stopping);
            return;
        }

        // If the job already runs here, the running task decides about the message.
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
                await runner.RunAnyAsync(command, delivery.Message, () => AcknowledgeAsync(command.JobId, delivery), job.Cancelled, stopping);
            }
            catch (LedgerException exception)
            {
                // Not acknowledged: the queue hands it to another host.
                ledgerFailed = true;
                LogLedgerFailed(command.JobId, LedgerRetryDelay.TotalSeconds, exception.Message);
            }
    }

    private async Task AcknowledgeAsync(JobId jobId, QueueDelivery delivery)
    {
        try
        {
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }
        catch (TransportException exception)
        {
            // It is delivered again, and the receiver sees from the job's state that it is decided.
            LogNotAcknowledged(jobId, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Job {JobId} could not be acknowledged: {Reason}")]
    private partial void LogNotAcknowledged(JobId jobId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue does not respond, trying again: {Reason}")]
    private partial void LogNoQueue(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} was returned to the queue, and this host takes no jobs from it for {Seconds} s: {Reason}")]
    private partial void LogLedgerFailed(JobId jobId, double seconds, string reason);
}
