using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>Expires jobs that no host started in time.</summary>
/// <remarks>
/// The append succeeds only for an executor without a state, so an expired job can never start, and a started one never
/// expires; every controller may try. A second before the deadline the hosts that have not started are asked for a heartbeat, so that the
/// state says whether they can be reached, and no job expires later for it.
/// </remarks>
internal sealed partial class JobDeadlines(
    ITransport transport, ActiveJobs activeJobs, JobFollower follower, ReachabilityProbe probe, TimeProvider time, ILogger<JobDeadlines> logger) : BackgroundService
{
    private static readonly JobEvent Expired = new() { Kind = JobEventKind.Expired };
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    // Most jobs start at once: those with the shortest bound are not asked before they had a moment for it.
    private const double MaxRequestShare = 0.75;

    private readonly LateCommands lateCommands = new(transport);
    private readonly DeadlineQueue due = new(transport, time);
    private readonly DeadlineQueue almostDue = new(transport, time);
    private readonly ConcurrentDictionary<JobId, long> asked = new();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        activeJobs.Added += job =>
        {
            due.Add(job.Record.Id, job.Record.Deadline);
            if (!job.Record.AnyHost)
                almostDue.Add(job.Record.Id, job.Record.Deadline - TimeSpan.FromSeconds(Math.Min(ReachabilityProbe.AnswerTimeout.TotalSeconds, job.Record.StartWithin * MaxRequestShare)));
        };
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ExpireAllAsync(stoppingToken), AskAllAsync(stoppingToken));

    private async Task ExpireAllAsync(CancellationToken cancellationToken)
    {
        await foreach (var id in due.ReadAsync(IsOver, cancellationToken))
            if (activeJobs.Find(id) is { } job && await ExpireAsync(job, cancellationToken) is { } next)
                due.Add(id, next);
            else
                asked.TryRemove(id, out _);
    }

    private bool IsOver(JobId id)
    {
        if (activeJobs.Find(id) is not null)
            return false;
        asked.TryRemove(id, out _);
        return true;
    }

    private async Task AskAllAsync(CancellationToken cancellationToken)
    {
        await foreach (var id in almostDue.ReadAsync(id => activeJobs.Find(id) is null, cancellationToken))
            if (activeJobs.Find(id) is { } job && Unstarted(job).ToList() is { Count: > 0 } hosts && transport.ServerNow < job.Record.Deadline)
                await AskAsync(id, hosts, cancellationToken);
    }

    private async Task AskAsync(JobId id, IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        asked[id] = time.GetTimestamp();
        try
        {
            await probe.SendAsync(hosts, cancellationToken);
        }
        catch (TransportException)
        {
            // Then it is not known whether they can be reached.
            asked.TryRemove(id, out _);
        }
    }

    // Returns the time of the next attempt; null when no executor is left.
    private async Task<DateTimeOffset?> ExpireAsync(ActiveJob job, CancellationToken cancellationToken)
    {
        // All at once, so that the expiry of a broadcast is few commits of the store.
        long? timestamp = asked.TryGetValue(job.Record.Id, out var at) ? at : null;
        try
        {
            var late = await lateCommands.FindAsync(job.Record, Unstarted(job), cancellationToken);
            await Task.WhenAll(Unstarted(job).Where(executor => !late.ContainsKey(executor)).Select(executor => ExpireAsync(
                job, executor, executor == HostKey.Any ? Expired : Expired with { Reachable = probe.IsReachable(executor, timestamp) }, cancellationToken)));
            return late.Count > 0 ? late.Values.Min() : null;
        }
        catch (TransportException exception)
        {
            LogNotExpired(job.Record.Id, exception.Message);
            return transport.ServerNow + RetryDelay;
        }
    }

    private async Task ExpireAsync(ActiveJob job, string executor, JobEvent expired, CancellationToken cancellationToken)
    {
        ExecutorLog log = new(transport, job.FoldOf(executor));
        if (!await log.AppendAsync(expired, condition: null, cancellationToken) && log.Fold.State is { } started)
            follower.RequireMessage(job.Record.Id, started.Sequence, () => job.States.ContainsKey(executor));
    }

    private static IEnumerable<string> Unstarted(ActiveJob job) => job.Record.Executors.Where(executor => !job.States.ContainsKey(executor));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} could not be expired, trying again: {Reason}")]
    private partial void LogNotExpired(JobId jobId, string reason);
}
