using System.Collections.Concurrent;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The last heartbeat of each agent, by this controller's own clock.</summary>
internal sealed class AgentPresence(ITransport transport, SkippedMessages skipped, TimeProvider time)
{
    /// <summary>The time without a heartbeat after which an agent is not ready: three heartbeat intervals.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, LastHeartbeat> heartbeats = new();
    private readonly long began = time.GetTimestamp();

    /// <summary>True when an agent sent a heartbeat within <see cref="LostAfter"/>.</summary>
    public bool HasHeartbeat(string key) => heartbeats.TryGetValue(key, out var last) && time.GetElapsedTime(last.At) < LostAfter;

    /// <summary>Returns the time since the last heartbeat; without one, the time for which this controller has listened.</summary>
    public TimeSpan TimeSinceHeartbeat(string key) => time.GetElapsedTime(heartbeats.TryGetValue(key, out var last) ? last.At : began);

    /// <summary>Returns the time since the last heartbeat; null without one.</summary>
    public TimeSpan? HeartbeatAge(string key) => heartbeats.TryGetValue(key, out var last) ? time.GetElapsedTime(last.At) : null;

    /// <summary>True when a host sent a heartbeat at or after a timestamp of the clock.</summary>
    public bool WasHeardSince(string key, long timestamp) => heartbeats.TryGetValue(key, out var last) && last.At >= timestamp;

    /// <summary>Returns the last heartbeat with its time by the store's clock; null without one.</summary>
    public (DateTimeOffset At, AgentHeartbeat? Heartbeat)? LastOf(string key) =>
        heartbeats.TryGetValue(key, out var last) ? (transport.ServerNow - time.GetElapsedTime(last.At), last.Heartbeat) : null;

    /// <summary>Records that an agent has just written its record; the figures of its last heartbeat stay when it is the same agent.</summary>
    public void Observe(string key, bool isSameAgent) => heartbeats[key] = new(time.GetTimestamp(), isSameAgent ? heartbeats.GetValueOrDefault(key)?.Heartbeat : null);

    /// <summary>Removes an agent.</summary>
    public void Forget(string key) => heartbeats.TryRemove(key, out _);

    /// <summary>Receives heartbeats until cancelled.</summary>
    /// <param name="find">Finds the agent that has a name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ListenAsync(Func<string, AgentInfo?> find, CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Heartbeats, cancellationToken))
        {
            var key = signal.Subject[Subjects.Heartbeats.Length..];
            // When two agents use one name, only the heartbeats of its owner count.
            if (AgentHeartbeat.TryParse(signal.Payload) is not { } heartbeat)
                skipped.Add("heartbeats", key, signal.Subject, sequence: 0, "it is not a heartbeat");
            else if (find(key) is { } agent && agent.Ledger == heartbeat.Ledger)
                heartbeats[key] = new(time.GetTimestamp(), heartbeat);
        }
    }

    /// <summary>Pings all agents, so that they are known before their next heartbeat; repeated, because some may not listen yet.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        foreach (var delay in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)])
            try
            {
                await Task.Delay(delay, time, cancellationToken);
                await transport.Signals.SendAsync(Subjects.Ping, ReadOnlyMemory<byte>.Empty, cancellationToken);
            }
            catch (TransportException)
            {
                // They send heartbeats anyway.
            }
    }

    private sealed record LastHeartbeat(long At, AgentHeartbeat? Heartbeat);
}
