using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <content>Heartbeats: which agents are alive.</content>
internal sealed partial class AgentRegistry
{
    /// <summary>False when a host was silent for too long. A controller that has only begun to listen cannot say so yet.</summary>
    public bool IsAlive(string hostname) => TimeSinceHeartbeat(hostname) < LostAfter;

    /// <summary>False when an agent was stopped, or was silent for too long.</summary>
    public bool IsReachable(AgentInfo agent) => agent.StoppedAt is null && IsAlive(agent.Hostname);

    /// <summary>True when a host was heard at or after a timestamp of the clock.</summary>
    public bool WasHeardSince(string hostKey, long timestamp) => heard.TryGetValue(hostKey, out var last) && last.At >= timestamp;

    /// <summary>Returns the time since a host's last heartbeat; for a host without one, the time for which this controller has listened.</summary>
    public TimeSpan TimeSinceHeartbeat(string hostname) => time.GetElapsedTime(heard.TryGetValue(HostKey.Of(hostname), out var last) ? last.At : began);

    /// <summary>Returns the status of an agent as the interface shows it. Every agent answers a controller that has just started, so an agent without a heartbeat is not ready.</summary>
    public string StatusOf(AgentInfo agent) =>
        agent.StoppedAt is null && heard.TryGetValue(HostKey.Of(agent.Hostname), out var last) && time.GetElapsedTime(last.At) < LostAfter
            ? AgentStatus.Ready
            : AgentStatus.NotReady;

    /// <summary>Returns an agent's last heartbeat with its time by the store's clock; null without one.</summary>
    public (DateTimeOffset At, AgentHeartbeat? Heartbeat)? LastHeartbeatOf(AgentInfo agent) =>
        heard.TryGetValue(HostKey.Of(agent.Hostname), out var last) ? (transport.ServerNow - time.GetElapsedTime(last.At), last.Heartbeat) : null;

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Heartbeats, cancellationToken))
        {
            var key = signal.Subject[Subjects.Heartbeats.Length..];
            // Of two agents that call themselves by one name, only the one that has it counts.
            if (AgentHeartbeat.TryParse(signal.Payload) is not { } beat)
                passedOver.Add("heartbeats", key, signal.Subject, sequence: 0, "it is no heartbeat");
            else if (agents.TryGetValue(key, out var agent) && agent.Ledger == beat.Ledger)
                heard[key] = new(time.GetTimestamp(), beat);
        }
    }

    // Who is there shall be known at once, not after the next heartbeat; a call may come before everybody listens.
    private async Task CallAsync(CancellationToken cancellationToken)
    {
        foreach (var pause in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)])
            try
            {
                await Task.Delay(pause, time, cancellationToken);
                await transport.Signals.SendAsync(Subjects.Ping, ReadOnlyMemory<byte>.Empty, cancellationToken);
            }
            catch (TransportException)
            {
                // They beat anyway.
            }
    }

    private sealed record LastHeartbeat(long At, AgentHeartbeat? Heartbeat);
}
