using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>Expires jobs that no host started in time.</summary>
/// <remarks>
/// The append succeeds only for an executor without a state, so an expired job can never start, and a started one never
/// expires; every controller may try.
/// </remarks>
internal sealed partial class JobDeadlines(ITransport transport, ActiveJobs activeJobs, TimeProvider time, ILogger<JobDeadlines> logger) : BackgroundService
{
    private static readonly JobEvent Expired = new() { Kind = JobEventKind.Expired };
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly DeadlineQueue due = new(transport, time);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        activeJobs.Added += job => due.Add(job.Record.Id, job.Record.Deadline);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Expires every executor without a state now: when a single-process system restarts, no agent can be about to
    /// start them.
    /// </summary>
    public async Task ExpireUnstartedAsync(CancellationToken cancellationToken)
    {
        foreach (var job in activeJobs.Active)
            await ExpireAsync(job, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var id in due.ReadAsync(stoppingToken))
            if (activeJobs.Find(id) is { } job && !await ExpireAsync(job, stoppingToken))
                due.Add(id, transport.ServerNow + RetryDelay);
    }

    private async Task<bool> ExpireAsync(ActiveJob job, CancellationToken cancellationToken)
    {
        // All at once, so that the expiry of a broadcast is few commits of the store.
        var unstarted = job.Record.Executors.Where(executor => !job.States.ContainsKey(executor));
        try
        {
            await Task.WhenAll(unstarted.Select(executor => new ExecutorLog(transport, job.FoldOf(executor)).AppendAsync(Expired, condition: null, cancellationToken)));
            return true;
        }
        catch (TransportException exception)
        {
            LogNotExpired(job.Record.Id, exception.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} could not be expired, trying again: {Reason}")]
    private partial void LogNotExpired(JobId jobId, string reason);
}
