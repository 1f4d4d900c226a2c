using Microsoft.AspNetCore.Http;
using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations.Agents;
using Osapi.Operations.Health;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Health;

/// <summary>The handler of the status operation, which summarizes the whole system.</summary>
internal sealed class StatusHandler(HealthHandlers health, AgentRegistry agents, JobIndex jobs, JobLookup lookup, SkippedMessages skipped, TimeProvider time)
{
    private readonly long began = time.GetTimestamp();

    public async Task<SystemStatus> StatusAsync(GetSystemStatus request, HttpContext context)
    {
        var readiness = await health.ReadyAsync(new(), context);
        var all = agents.All;
        if (readiness.Error is null)
            await lookup.CatchUpAsync(context.RequestAborted);
        var counts = jobs.Counts();
        return new()
        {
            Status = readiness.Error is null ? "ok" : "degraded",
            Version = ProductVersion.Text,
            Uptime = Duration(time.GetElapsedTime(began)),
            Components = new Dictionary<string, ComponentStatus> { ["transport"] = readiness.Error is null ? new("ok") : new("error", readiness.Error) },
            PassedOver = skipped.Count,
            Agents = new()
            {
                Total = all.Count,
                Ready = all.Count(agent => agents.StatusOf(agent) == AgentStatus.Ready),
                NotReady = all.Count(agent => agents.StatusOf(agent) != AgentStatus.Ready),
                Draining = all.Count(agent => agent.State == AgentState.Draining),
                Cordoned = all.Count(agent => agent.State == AgentState.Cordoned),
            },
            Jobs = new()
            {
                Total = counts.Values.Sum(),
                Unprocessed = counts[JobStatus.Submitted],
                Processing = counts[JobStatus.Processing],
                Completed = counts[JobStatus.Completed],
                Failed = counts[JobStatus.Failed] + counts[JobStatus.PartialFailure] + counts[JobStatus.Cancelled],
            },
        };
    }

    private static string Duration(TimeSpan time) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{(time.TotalHours >= 1 ? $"{(long)time.TotalHours}h" : "")}{(time.TotalMinutes >= 1 ? $"{time.Minutes}m" : "")}{time.Seconds}s");
}
