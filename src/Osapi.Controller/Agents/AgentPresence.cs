using System.Collections.Concurrent;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The last sign of life of each agent, by this controller's own clock.</summary>
internal sealed class AgentPresence(ITransport transport, SkippedMessages skipped, TimeProvider time)
{
    /// <summary>The time after which a silent agent counts as gone: three heartbeats.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, LastSign> heard = new();
    private readonly long began = time.GetTimestamp();

    /// <summary>True when an agent was heard of within <see cref="LostAfter"/>.</summary>
    public bool IsHeard(string key) => heard.TryGetValue(key, out var last) && time.GetElapsedTime(last.At) < LostAfter;

    /// <summary>Returns the time since the last sign of life; without one, the time for which this controller has listened.</summary>
    public TimeSpan TimeSinceHeartbeat(string key) => time.GetElapsedTime(heard.TryGetValue(key, out var last) ? last.At : began);

    /// <summary>Returns the last heartbeat with its time by the store's clock; null without a sign of life.</summary>
    public (DateTimeOffset At, AgentHeartbeat? Heartbeat)? LastHeartbeat(string key) =>
        heard.TryGetValue(key, out var last) ? (transport.ServerNow - time.GetElapsedTime(last.At), last.Heartbeat) : null;

    /// <summary>Records that an agent has just written its record; the figures of its last heartbeat stay when it is the same agent.</summary>
    public void Observe(string key, bool isSameAgent) => heard[key] = new(time.GetTimestamp(), isSameAgent ? heard.GetValueOrDefault(key)?.Heartbeat : null);

    /// <summary>Removes an agent.</summary>
    public void Forget(string key) => heard.TryRemove(key, out _);

    /// <summary>Receives heartbeats until cancelled.</summary>
    /// <param name="find">Finds the agent that has a name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ListenAsync(Func<string, AgentInfo?> find, CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Heartbeats, cancellationToken))
        {
            var key = signal.Subject[Subjects.Heartbeats.Length..];
            // Of two agents that call themselves by one name, only the one that has it counts.
            if (AgentHeartbeat.TryParse(signal.Payload) is not { } beat)
                skipped.Add("heartbeats", key, signal.Subject, sequence: 0, "it is no heartbeat");
            else if (find(key) is { } agent && agent.Ledger == beat.Ledger)
                heard[key] = new(time.GetTimestamp(), beat);
        }
    }

    /// <summary>Asks all agents for a heartbeat: a call may come before everybody listens.</summary>
    public async Task CallAsync(CancellationToken cancellationToken)
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

    private sealed record LastSign(long At, AgentHeartbeat? Heartbeat);
}
