using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>Marks jobs lost that an agent started and will not finish.</summary>
/// <remarks>
/// An agent registers a new session only after it has published everything in its ledger, so the outcome of a job that
/// an earlier session still holds is unknown. A silent agent is asked for a heartbeat before its jobs count as lost.
/// </remarks>
internal sealed partial class LostJobDetector(
    ITransport transport, AgentRegistry agents, ActiveJobs activeJobs, ReachabilityProbe probe, TimeProvider time, ILogger<LostJobDetector> logger) : BackgroundService
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    // Its second heartbeat is missing, and there are two checks before the third one is.
    private static readonly TimeSpan AskAfter = AgentRegistry.LostAfter - 2 * CheckInterval;
    private readonly Channel<AgentInfo> registered = Channel.CreateUnbounded<AgentInfo>(new() { SingleReader = true });

    /// <summary>The timestamp of the last complete check, while the next one is awaited; null before the first and during one.</summary>
    public long? LastCheck { get; private set; }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        agents.Registered += agent => registered.Writer.TryWrite(agent);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? checkedAt = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            using (var waitCancellation = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
            {
                var next = Task.WhenAny(registered.Reader.WaitToReadAsync(waitCancellation.Token).AsTask(), Task.Delay(CheckInterval, time, waitCancellation.Token));
                LastCheck = checkedAt;
                await next;
                LastCheck = null;
                await waitCancellation.CancelAsync();
            }

            while (registered.Reader.TryRead(out _))
            {
                // One check covers all registrations so far.
            }

            foreach (var job in activeJobs.Active)
                foreach (var (executor, state) in job.States)
                    if (state.Event is { Kind: JobEventKind.Start } start)
                        await CheckAsync(job.FoldOf(executor), start, stoppingToken);
            checkedAt = time.GetTimestamp();
        }
    }

    private async Task CheckAsync(ExecutorFold known, JobEvent start, CancellationToken cancellationToken)
    {
        if (await IsSessionOverAsync(start, cancellationToken))
            await MarkLostAsync(known, start, cancellationToken);
        else if (start.Host is { } host && agents.TimeSinceHeartbeat(host) >= AskAfter)
            await AskAsync(HostKey.Of(host), cancellationToken);
    }

    private async Task AskAsync(string hostKey, CancellationToken cancellationToken)
    {
        try
        {
            await probe.SendAsync([hostKey], cancellationToken);
        }
        catch (TransportException)
        {
            // It is asked again at the next check.
        }
    }

    private async Task<bool> IsSessionOverAsync(JobEvent start, CancellationToken cancellationToken)
    {
        if (start.Host is not { } host)
            return false;
        if (!agents.IsAlive(host))
            return true;
        if (agents.Find(host) is not { } agent)
            return false;
        // A cleanly stopped session has published everything that it could.
        if (agent.Session == start.Session)
            return agent.StoppedAt is not null;
        // The start of a new session may be seen before its registration; but it was written after it, so the store's
        // times show which session is newer.
        try
        {
            return await HostRecords.FindAsync(transport, HostKey.Of(host), cancellationToken) is { } now && now.Session != start.Session;
        }
        catch (TransportException)
        {
            return false;
        }
    }

    private async Task MarkLostAsync(ExecutorFold known, JobEvent start, CancellationToken cancellationToken)
    {
        try
        {
            // Only for the checked start: another session of the agent may have taken the job over meanwhile.
            if (await new ExecutorLog(transport, known).AppendAsync(start with { Kind = JobEventKind.Lost, Reachable = IsReachable(start.Host!) }, state => state == start, cancellationToken))
                LogLost(known.JobId, start.Host!);
        }
        catch (TransportException exception)
        {
            LogNotMarked(known.JobId, exception.Message);
        }
    }

    private bool IsReachable(string host) => agents.Find(host) is { } agent && agents.IsReachable(agent);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} is lost: the agent on {Host} stopped while it ran")]
    private partial void LogLost(JobId jobId, string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} could not be marked as lost, trying again: {Reason}")]
    private partial void LogNotMarked(JobId jobId, string reason);
}
