using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Takes jobs for any host from the queue: one only when a slot is free for it, so that no job waits here while another host could run it.</summary>
internal sealed partial class QueueLoop(ITransport transport, JobRunner runner, Slots slots, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task RunAsync(JobTasks tasks, CancellationToken stopping)
    {
        while (true)
        {
            using var given = CancellationTokenSource.CreateLinkedTokenSource(stopping, slots.Wanted);
            var slot = await slots.TakeAsync(stopping);
            try
            {
                var delivery = await transport.DequeueAsync(given.Token);
                var command = JobJson.Command(delivery.Message.Payload);
                var taken = slot;
                slot = null;
                tasks.Start(command.JobId, async () =>
                {
                    using (taken)
                        await runner.RunAnyAsync(command, delivery, stopping);
                });
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                // A command to this host waits for the slot, and goes first.
            }
            catch (TransportException exception)
            {
                LogNoQueue(exception.Message);
                await Task.Delay(Pause, time, stopping);
            }
            finally
            {
                slot?.Dispose();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue does not answer, trying again: {Reason}")]
    private partial void LogNoQueue(string reason);
}
