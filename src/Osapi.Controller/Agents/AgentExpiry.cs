using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>
/// Writes into the timelines of agents when they fall silent and when they are heard of again, and forgets those that were
/// silent for long. Every controller does so; the first to write it is the only one.
/// </summary>
internal sealed partial class AgentExpiry(ITransport transport, AgentRegistry agents, ControllerOptions options, TimeProvider time, ILogger<AgentExpiry> logger) : BackgroundService
{
    private const string SilentEvent = "silent";
    private const string HeardEvent = "heard";
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    // Silent at the last look, and called since.
    private readonly HashSet<string> called = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        PeriodicLoop.RunAsync(CheckInterval, time, CheckAsync, exception => LogNotWritten(exception.Message), stoppingToken);

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var call = false;
        foreach (var agent in agents.All.Where(agent => agent.StoppedAt is null))
        {
            var wasSilent = LastOfLife(agent) == SilentEvent;
            if (agents.IsAlive(agent.Hostname))
            {
                called.Remove(agent.Hostname);
                if (wasSilent && agents.LastHeardOf(agent) is not null)
                    await WriteAsync(agent, HeardEvent, "Heard of again", cancellationToken);
            }
            else if (!wasSilent)
            {
                // It may be this controller that was cut off: the agent is called, and is silent only if it does not answer either.
                if (called.Add(agent.Hostname))
                    call = true;
                else
                    await WriteAsync(agent, SilentEvent, "Not heard of for three heartbeats", cancellationToken);
            }
        }

        if (call)
            await transport.Signals.SendAsync(Subjects.Ping, ReadOnlyMemory<byte>.Empty, cancellationToken);
        foreach (var agent in agents.All.Where(IsLongGone))
            await ForgetAsync(agent, cancellationToken);
    }

    // What an operator does says nothing about whether the agent is there.
    private static string? LastOfLife(AgentInfo agent) => agent.Timeline.LastOrDefault(happened => happened.Event is not ("drain" or "undrain"))?.Event;

    private bool IsLongGone(AgentInfo agent) =>
        !agents.IsAlive(agent.Hostname)
        && (agent.StoppedAt is not null || LastOfLife(agent) == SilentEvent)
        && transport.ServerNow - agent.UpdatedAt > options.KeepAgents;

    private async Task WriteAsync(AgentInfo agent, string happened, string message, CancellationToken cancellationToken)
    {
        var stored = await HostRecords.ChangeAsync(
            transport,
            HostKey.Of(agent.Hostname),
            known => known is { StoppedAt: null } && known.Session == agent.Session && LastOfLife(known) == SilentEvent == (happened == HeardEvent)
                ? known.With(happened, message, transport.ServerNow)
                : null,
            cancellationToken);
        if (stored is null)
            return;
        agents.ApplyOwn(stored);
        LogHappened(agent.Hostname, message);
    }

    private async Task ForgetAsync(AgentInfo agent, CancellationToken cancellationToken)
    {
        var key = HostKey.Of(agent.Hostname);
        // It may have come back since, unheard by this controller.
        if (await HostRecords.FindAsync(transport, key, cancellationToken) is { } known && known.UpdatedAt != agent.UpdatedAt)
            return;
        await transport.Hosts.DeleteAsync(key, cancellationToken);
        agents.Forget(agent);
        LogForgotten(agent.Hostname, options.KeepAgents.TotalDays);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent {Hostname}: {What}")]
    private partial void LogHappened(string hostname, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent {Hostname} is forgotten: it was not heard of for {Days} days")]
    private partial void LogForgotten(string hostname, double days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What happened to agents could not be written, trying again: {Reason}")]
    private partial void LogNotWritten(string reason);
}
