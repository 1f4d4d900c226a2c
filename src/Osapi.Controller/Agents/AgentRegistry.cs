using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The registered agents, with the time of each agent's last heartbeat by this controller's own clock.</summary>
internal sealed partial class AgentRegistry(ITransport transport, RosterReconciler roster, SkippedMessages skipped, TimeProvider time, ILogger<AgentRegistry> logger) : BackgroundService
{
    private static readonly TimeSpan MaxUpdateAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> revisions = [];
    private readonly Dictionary<string, long> ahead = [];
    private readonly ConcurrentDictionary<string, AgentInfo> agents = new();
    private readonly ConcurrentDictionary<string, LastHeartbeat> heartbeats = new();
    private readonly long began = time.GetTimestamp();
    private long? lostAt;
    private Task forgetting = Task.CompletedTask;
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The time without a heartbeat after which an agent counts as gone: three heartbeats.</summary>
    public static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Raised when an agent registers, for the first time or again, and when it stops.</summary>
    public event Action<AgentInfo>? Registered;

    /// <summary>The task that completes when the first running agent is known; a system on one machine waits for it.</summary>
    public Task FirstAgent => first.Task;

    public IReadOnlyList<AgentInfo> All => [.. agents.Select(agent => agent.Value.WithRosterEntry(roster.Find(agent.Key))).OrderBy(agent => agent.Hostname, StringComparer.Ordinal)];

    /// <summary>Gets the agents that a target selects, by name.</summary>
    public IReadOnlyList<AgentInfo> Matching(Target target) => [.. All.Where(agent => target.Includes(agent.Hostname, agent.Labels))];

    /// <summary>
    /// Returns false when a host was silent for too long. A controller that has just started to listen returns true.
    /// </summary>
    public bool IsAlive(string hostname) => TimeSinceHeartbeat(hostname) < HeartbeatTimeout;

    /// <summary>
    /// Gets the time since the last heartbeat of a host; without one, the time for which this controller has listened.
    /// </summary>
    public TimeSpan TimeSinceHeartbeat(string hostname) => time.GetElapsedTime(heartbeats.TryGetValue(HostKey.Of(hostname), out var last) ? last.At : began);

    /// <summary>
    /// Gets the status of an agent, as the interface names it. Every agent answers the ping of a starting controller,
    /// so one without a heartbeat is not ready.
    /// </summary>
    public string StatusOf(AgentInfo agent) =>
        agent.StoppedAt is null && heartbeats.TryGetValue(HostKey.Of(agent.Hostname), out var last) && time.GetElapsedTime(last.At) < HeartbeatTimeout
            ? AgentStatus.Ready
            : AgentStatus.NotReady;

    /// <summary>
    /// Gets the time, by the store's clock, and the content of an agent's last heartbeat; null when there was none.
    /// </summary>
    public (DateTimeOffset At, AgentHeartbeat? Heartbeat)? LastHeartbeatOf(AgentInfo agent) =>
        heartbeats.TryGetValue(HostKey.Of(agent.Hostname), out var last) ? (transport.ServerNow - time.GetElapsedTime(last.At), last.Heartbeat) : null;

    public AgentInfo? Find(string hostname) => HostKey.Of(hostname) is var key && agents.TryGetValue(key, out var agent) ? agent.WithRosterEntry(roster.Find(key)) : null;

    /// <summary>Completes when every registered agent is known, so that the first request finds them.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in await transport.Hosts.ListAsync(cancellationToken))
            Apply(entry, own: false);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Applies a record that this controller has just stored, so that its next answer includes it.</summary>
    public void ApplyOwn(KeyValue entry) => Apply(entry, own: true);

    /// <summary>Removes an agent whose key this controller has just removed; a later record of the key counts again.</summary>
    public void Forget(AgentInfo agent)
    {
        var key = HostKey.Of(agent.Hostname);
        lock (gate)
            if (agents.GetValueOrDefault(key)?.Session == agent.Session)
                Remove(key);
    }

    private void Apply(KeyValue entry, bool own)
    {
        AgentInfo? registered = null;
        lock (gate)
        {
            if (!IsNewer(entry, own))
                return;
            revisions[entry.Key] = entry.Revision;
            if (entry.Value.IsEmpty)
            {
                Remove(entry.Key);
                return;
            }

            // An invalid record changes nothing: the agent itself writes a valid one again.
            if (!AgentInfo.TryParse(entry.Key, entry.Value, out var agent, out var reason))
            {
                skipped.Add("hosts", entry.Key, entry.Key, entry.Revision, reason);
                return;
            }

            var before = agents.GetValueOrDefault(entry.Key);
            agents[entry.Key] = agent;
            // Only a fresh update by the agent itself is a sign of life; an operator's change is not.
            if ((agent.UpdatedAt != before?.UpdatedAt || agent.Session != before.Session) && transport.ServerNow - agent.UpdatedAt < MaxUpdateAge)
                heartbeats[entry.Key] = new(time.GetTimestamp(), before?.Ledger == agent.Ledger ? heartbeats.GetValueOrDefault(entry.Key)?.Heartbeat : null);
            if (agent.Session != before?.Session || agent.StoppedAt != before.StoppedAt)
                registered = agent;
        }

        if (registered is null)
            return;
        if (registered.StoppedAt is null)
            first.TrySetResult();
        Registered?.Invoke(registered);
    }

    // The watch delivers in order and is always right, even when the bucket was recreated and counts from 1. Meanwhile
    // it must not undo what this controller wrote itself and the watch has not delivered yet.
    private bool IsNewer(KeyValue entry, bool own)
    {
        if (own)
        {
            if (entry.Revision <= revisions.GetValueOrDefault(entry.Key))
                return false;
            ahead[entry.Key] = entry.Revision;
            return true;
        }

        if (ahead.TryGetValue(entry.Key, out var written) && entry.Revision < written)
            return false;
        ahead.Remove(entry.Key);
        return true;
    }

    private void Remove(string key)
    {
        agents.TryRemove(key, out _);
        heartbeats.TryRemove(key, out _);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await forgetting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WatchAsync(stoppingToken), ListenAsync(stoppingToken), PingAsync(stoppingToken));

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var entry in transport.Hosts.WatchAsync(cancellationToken))
                    Apply(entry, own: false);
                return;
            }
            catch (TransportException exception)
            {
                // Logged once: the state is the same until the store is back.
                if (lostAt is null)
                    LogLost(exception.Message);
                lostAt ??= time.GetTimestamp();
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
            await RenewAsync(cancellationToken);
        }
    }

    // The bucket may have been recreated: revisions start at 1, and agents register again at their next check. Known
    // agents are kept until they had time for it, so that a broadcast does not miss them.
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stored = (await transport.Hosts.ListAsync(cancellationToken)).ToDictionary(entry => entry.Key);
            List<string> missing = [];
            lock (gate)
            {
                revisions.Clear();
                ahead.Clear();
                missing.AddRange(agents.Keys.Where(key => !stored.ContainsKey(key)));
            }

            lostAt = null;
            foreach (var entry in stored.Values)
                Apply(entry, own: false);
            foreach (var key in missing)
                await transport.Signals.SendAsync(Subjects.RecordChanged(key), ReadOnlyMemory<byte>.Empty, cancellationToken);
            if (missing.Count > 0)
                forgetting = ForgetAsync(missing, cancellationToken);
        }
        catch (TransportException)
        {
            // Not yet; the watch will fail again.
        }
    }

    private async Task ForgetAsync(List<string> missing, CancellationToken cancellationToken)
    {
        await Task.Delay(HeartbeatTimeout, time, cancellationToken);
        lock (gate)
            foreach (var key in missing.Where(key => !revisions.ContainsKey(key)))
                Remove(key);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agents cannot be read, trying again: {Reason}")]
    private partial void LogLost(string reason);

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Heartbeats, cancellationToken))
        {
            var key = signal.Subject[Subjects.Heartbeats.Length..];
            // Of two agents with one name, only the owner counts.
            if (AgentHeartbeat.TryParse(signal.Payload) is not { } heartbeat)
                skipped.Add("heartbeats", key, signal.Subject, sequence: 0, "it is not a heartbeat");
            else if (agents.TryGetValue(key, out var agent) && agent.Ledger == heartbeat.Ledger)
                heartbeats[key] = new(time.GetTimestamp(), heartbeat);
        }
    }

    // Present agents must be known at once, not after their next heartbeat; an early ping may come before they listen.
    private async Task PingAsync(CancellationToken cancellationToken)
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
