using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Decides before a job starts whether its command is recent, so that a broker cannot deliver it late.</summary>
/// <remarks>
/// A command repeats a time of this host's boot clock, which no other clock can move. Where it has none, or one of an
/// earlier boot, or is old, the controllers are asked, and nothing starts without their answer.
/// </remarks>
internal sealed partial class CommandFreshness(ITransport transport, ILogger logger)
{
    /// <summary>The time that a command may be older than the start limit of its job: the heartbeat that it repeats was some seconds old.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    /// <summary>Checks the command of a job.</summary>
    /// <returns>The job, marked as over if the controllers say so; null when none of them answered within the start limit, or when the job was cancelled.</returns>
    /// <param name="job">The job.</param>
    /// <param name="message">The message that brought it. One that is not authenticated is taken as it is: the policy allowed it.</param>
    /// <param name="cancelled">The job is cancelled.</param>
    /// <param name="stopping">The agent stops.</param>
    public ValueTask<ReceivedJob?> CheckAsync(ReceivedJob job, Message message, CancellationToken cancelled, CancellationToken stopping) =>
        !message.Signer.IsControllers || message.Echo?.MaxAge <= job.StartWithin + Tolerance ? new(job) : new(ConfirmAsync(job, cancelled, stopping));

    private async Task<ReceivedJob?> ConfirmAsync(ReceivedJob job, CancellationToken cancelled, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancelled, stopping);
        do
        {
            try
            {
                if (await StateConfirmation.MayStartAsync(transport, job.Id, job.Executor, ending.Token))
                    return job;
                LogOver(job.Id, job.Operation);
                return job with { IsOver = true };
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                return null;
            }
            catch (TransportException exception)
            {
                LogNotConfirmed(job.Id, exception.Message);
            }
        }
        while (transport.ServerNow <= job.ReceivedAt + job.StartWithin);

        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} ({Operation}) does not start: its command is old, and the controllers say that the job is over")]
    private partial void LogOver(JobId jobId, string operation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} does not start yet: its command is not known to be recent, and {Reason}")]
    private partial void LogNotConfirmed(JobId jobId, string reason);
}
