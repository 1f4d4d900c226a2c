using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>
/// Records in the timelines of agents when they become silent and when they return, and removes agents after a long
/// silence.
/// </summary>
/// <remarks>Every controller does this; the first one to write an event wins.</remarks>
internal sealed partial class AgentExpiry(ITransport transport, AgentRegistry agents, ControllerOptions options, TimeProvider time, ILogger<AgentExpiry> logger) : BackgroundService
{
    private const string SilentEvent = "silent";
    private const string HeardEvent = "heard";
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    // Silent at the last check, and pinged since then.
    private readonly HashSet<string> pinged = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        PeriodicLoop.RunAsync(CheckInterval, time, CheckAsync, exception => LogNotWritten(exception.Message), stoppingToken);

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var call = false;
        foreach (var agent in agents.All.Where(agent => agent.StoppedAt is null))
        {
            var wasSilent = LastLifeEvent(agent) == SilentEvent;
            if (agents.IsAlive(agent.Hostname))
            {
                pinged.Remove(agent.Hostname);
                if (wasSilent && agents.LastHeartbeatOf(agent) is not null)
                    await WriteAsync(agent, HeardEvent, "Heartbeat received again", cancellationToken);
            }
            else if (!wasSilent)
            {
                // This controller itself may have been disconnected: the agent is pinged, and counts as silent only if
                // it does not answer.
                if (pinged.Add(agent.Hostname))
                    call = true;
                else
                    await WriteAsync(agent, SilentEvent, "No heartbeat for three intervals", cancellationToken);
            }
        }

        if (call)
            await transport.Signals.SendAsync(Subjects.Ping, ReadOnlyMemory<byte>.Empty, cancellationToken);
        foreach (var agent in agents.All.Where(IsExpired))
            await ForgetAsync(agent, cancellationToken);
    }

    // An operator's action is no sign of life.
    private static string? LastLifeEvent(AgentInfo agent) => agent.Timeline.LastOrDefault(eventName => eventName.Event is not ("drain" or "undrain"))?.Event;

    private bool IsExpired(AgentInfo agent) =>
        !agents.IsAlive(agent.Hostname)
        && (agent.StoppedAt is not null || LastLifeEvent(agent) == SilentEvent)
        && transport.ServerNow - agent.UpdatedAt > options.KeepAgents;

    private async Task WriteAsync(AgentInfo agent, string eventName, string message, CancellationToken cancellationToken)
    {
        var stored = await HostRecords.ChangeAsync(
            transport,
            HostKey.Of(agent.Hostname),
            known => known is { StoppedAt: null } && known.Session == agent.Session && LastLifeEvent(known) == SilentEvent == (eventName == HeardEvent)
                ? known.WithEvent(eventName, message, transport.ServerNow)
                : null,
            cancellationToken);
        if (stored is null)
            return;
        agents.ApplyOwn(stored);
        LogEvent(agent.Hostname, message);
    }

    private async Task ForgetAsync(AgentInfo agent, CancellationToken cancellationToken)
    {
        var key = HostKey.Of(agent.Hostname);
        // It may have returned since, unnoticed by this controller.
        if (await HostRecords.FindAsync(transport, key, cancellationToken) is { } known && known.UpdatedAt != agent.UpdatedAt)
            return;
        await transport.Hosts.DeleteAsync(key, cancellationToken);
        agents.Forget(agent);
        LogForgotten(agent.Hostname, options.KeepAgents.TotalDays);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent {Hostname}: {What}")]
    private partial void LogEvent(string hostname, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removed agent {Hostname}: it was silent for {Days} days")]
    private partial void LogForgotten(string hostname, double days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent events could not be recorded, trying again: {Reason}")]
    private partial void LogNotWritten(string reason);
}
