using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The registered agents, and the time of each one's last heartbeat by this controller's own clock.</summary>
internal sealed partial class AgentRegistry(ITransport transport, RosterReconciler roster, SkippedMessages skippedMessages, TimeProvider time, ILogger<AgentRegistry> logger) : BackgroundService
{
    private static readonly TimeSpan FreshPeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
<<<<<<< ours
    private readonly Dictionary<string, long> revisions = [];
    private readonly Dictionary<string, long> undelivered = [];
||||||| base
    private readonly Dictionary<string, long> revisions = [];
    private readonly Dictionary<string, long> ahead = [];
=======
    private readonly RecordRevisions revisions = new();
>>>>>>> theirs
    private readonly ConcurrentDictionary<string, AgentInfo> agents = new();
<<<<<<< ours
    private readonly ConcurrentDictionary<string, LastHeartbeat> heartbeats = new();
    private readonly long began = time.GetTimestamp();
||||||| base
    private readonly ConcurrentDictionary<string, LastHeartbeat> heard = new();
    private readonly long began = time.GetTimestamp();
=======
    private readonly AgentPresence presence = new(transport, passedOver, time);
>>>>>>> theirs
    private long? lostAt;
    private Task removal = Task.CompletedTask;
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The time without a heartbeat after which an agent is not ready: three heartbeat intervals.</summary>
    public static readonly TimeSpan LostAfter = AgentPresence.LostAfter;

    /// <summary>Raised when an agent registers or stops.</summary>
    public event Action<AgentInfo>? Registered;

    /// <summary>The task that completes when the first running agent is known; a system on one machine waits for it.</summary>
    public Task FirstAgent => first.Task;

    public IReadOnlyList<AgentInfo> All => [.. agents.Select(agent => agent.Value.WithRosterEntry(roster.Find(agent.Key))).OrderBy(agent => agent.Hostname, StringComparer.Ordinal)];

    /// <summary>Returns the agents that a target selects, sorted by name.</summary>
    public IReadOnlyList<AgentInfo> Matching(Target target)
    {
        if (target.Kind != TargetKind.Hosts)
            return [.. All.Where(agent => target.Includes(agent.Hostname, agent.Labels))];
        var listed = target.Hostnames.Select(HostKey.Of).ToHashSet();
        return [.. All.Where(agent => listed.Contains(HostKey.Of(agent.Hostname)))];
    }

    /// <summary>False when a host has sent no heartbeat for too long. A controller that has just started assumes that a host is alive.</summary>
    public bool IsAlive(string hostname) => TimeSinceHeartbeat(hostname) < LostAfter;

    /// <summary>False when an agent was stopped, or was silent for too long.</summary>
    public bool IsReachable(AgentInfo agent) => agent.StoppedAt is null && IsAlive(agent.Hostname);

    /// <summary>True when a host was heard at or after a timestamp of the clock.</summary>
    public bool WasHeardSince(string hostKey, long timestamp) => heartbeats.TryGetValue(hostKey, out var last) && last.At >= timestamp;

    /// <summary>Returns the time since a host's last heartbeat; for a host without one, the time for which this controller has listened.</summary>
<<<<<<< ours
    public TimeSpan TimeSinceHeartbeat(string hostname) => time.GetElapsedTime(heartbeats.TryGetValue(HostKey.Of(hostname), out var last) ? last.At : began);
||||||| base
    public TimeSpan TimeSinceHeartbeat(string hostname) => time.GetElapsedTime(heard.TryGetValue(HostKey.Of(hostname), out var last) ? last.At : began);
=======
    public TimeSpan TimeSinceHeartbeat(string hostname) => presence.TimeSinceHeartbeat(HostKey.Of(hostname));
>>>>>>> theirs

    /// <summary>Returns the status of an agent as the interface shows it. Every agent answers a controller that has just started, so an agent without a heartbeat is not ready.</summary>
<<<<<<< ours
    public string StatusOf(AgentInfo agent) =>
        agent.StoppedAt is null && heartbeats.TryGetValue(HostKey.Of(agent.Hostname), out var last) && time.GetElapsedTime(last.At) < LostAfter
            ? AgentStatus.Ready
            : AgentStatus.NotReady;
||||||| base
    public string StatusOf(AgentInfo agent) =>
        agent.StoppedAt is null && heard.TryGetValue(HostKey.Of(agent.Hostname), out var last) && time.GetElapsedTime(last.At) < LostAfter
            ? AgentStatus.Ready
            : AgentStatus.NotReady;
=======
    public string StatusOf(AgentInfo agent) => agent.StoppedAt is null && presence.IsHeard(HostKey.Of(agent.Hostname)) ? AgentStatus.Ready : AgentStatus.NotReady;
>>>>>>> theirs

    /// <summary>Returns an agent's last heartbeat with its time by the store's clock; null without one.</summary>
<<<<<<< ours
    public (DateTimeOffset At, AgentHeartbeat? Heartbeat)? LastHeartbeatOf(AgentInfo agent) =>
        heartbeats.TryGetValue(HostKey.Of(agent.Hostname), out var last) ? (transport.ServerNow - time.GetElapsedTime(last.At), last.Heartbeat) : null;

    public AgentInfo? Find(string hostname) => FindKey(HostKey.Of(hostname));
||||||| base
    public (DateTimeOffset At, AgentHeartbeat? Heartbeat)? LastHeartbeatOf(AgentInfo agent) =>
        heard.TryGetValue(HostKey.Of(agent.Hostname), out var last) ? (transport.ServerNow - time.GetElapsedTime(last.At), last.Heartbeat) : null;
=======
    public (DateTimeOffset At, AgentHeartbeat? Heartbeat)? LastHeartbeatOf(AgentInfo agent) => presence.LastHeartbeat(HostKey.Of(agent.Hostname));
>>>>>>> theirs

    /// <summary>Finds the agent of a host's key.</summary>
    public AgentInfo? FindKey(string key) => agents.TryGetValue(key, out var agent) ? agent.WithRosterEntry(roster.Find(key)) : null;

    /// <summary>Completes when all registered agents are known, so that the first request finds them.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in await transport.Hosts.ListAsync(cancellationToken))
            Apply(entry, own: false);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Applies an entry that this controller has just stored, so that its next answer includes it.</summary>
    public void ApplyOwn(KeyValue entry) => Apply(entry, own: true);

    /// <summary>Removes an agent whose key this controller has just deleted; a later registration adds it again.</summary>
    public void Forget(AgentInfo agent)
    {
        var key = HostKey.Of(agent.Hostname);
        lock (gate)
            if (agents.GetValueOrDefault(key)?.Session == agent.Session)
                Remove(key);
    }

    private void Apply(KeyValue entry, bool own)
    {
        AgentInfo? changed = null;
        lock (gate)
        {
<<<<<<< ours
            if (!IsNewer(entry, own))
||||||| base
            if (!IsNews(entry, own))
=======
            if (!revisions.Accept(entry, own))
>>>>>>> theirs
                return;
            if (entry.Value.IsEmpty)
            {
                Remove(entry.Key);
                return;
            }

            // An invalid record changes nothing: the agent itself writes a valid one again.
            if (!AgentInfo.TryParse(entry.Key, entry.Value, out var agent, out var reason))
            {
                skippedMessages.Add("hosts", entry.Key, entry.Key, entry.Revision, reason);
                return;
            }

            var before = agents.GetValueOrDefault(entry.Key);
            agents[entry.Key] = agent;
            // Only a recent write of the agent itself is a sign of life; an operator's is not.
            if ((agent.UpdatedAt != before?.UpdatedAt || agent.Session != before.Session) && transport.ServerNow - agent.UpdatedAt < FreshPeriod)
<<<<<<< ours
                heartbeats[entry.Key] = new(time.GetTimestamp(), before?.Ledger == agent.Ledger ? heartbeats.GetValueOrDefault(entry.Key)?.Heartbeat : null);
||||||| base
                heard[entry.Key] = new(time.GetTimestamp(), before?.Ledger == agent.Ledger ? heard.GetValueOrDefault(entry.Key)?.Heartbeat : null);
=======
                presence.Observe(entry.Key, isSameAgent: before?.Ledger == agent.Ledger);
>>>>>>> theirs
            if (agent.Session != before?.Session || agent.StoppedAt != before.StoppedAt)
                changed = agent;
        }

        if (changed is null)
            return;
        if (changed.StoppedAt is null)
            first.TrySetResult();
        Registered?.Invoke(changed);
    }

<<<<<<< ours
    // The bucket delivers entries in order, also after it was recreated and its revisions start at 1 again. Only an entry that this
    // controller wrote, and that was not delivered yet, must not be overwritten by older ones.
    private bool IsNewer(KeyValue entry, bool own)
    {
        if (own)
        {
            if (entry.Revision <= revisions.GetValueOrDefault(entry.Key))
                return false;
            undelivered[entry.Key] = entry.Revision;
            return true;
        }

        if (undelivered.TryGetValue(entry.Key, out var written) && entry.Revision < written)
            return false;
        undelivered.Remove(entry.Key);
        return true;
    }

||||||| base
    // The bucket tells in order, and is always right, also when it was made anew and counts from 1; only what it has not
    // told yet, and this controller knows because it wrote it, must not be undone meanwhile.
    private bool IsNews(KeyValue entry, bool own)
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

=======
>>>>>>> theirs
    private void Remove(string key)
    {
        agents.TryRemove(key, out _);
<<<<<<< ours
        heartbeats.TryRemove(key, out _);
||||||| base
        heard.TryRemove(key, out _);
=======
        presence.Forget(key);
>>>>>>> theirs
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await removal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WatchAsync(stoppingToken), presence.ListenAsync(agents.GetValueOrDefault, stoppingToken), presence.PingAsync(stoppingToken));

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var isReconnect = false;
        RetryLoop retry = new(time, RetryDelay) { Failed = _ => lostAt ??= time.GetTimestamp() };
        await retry.RunAsync(
            async () =>
            {
                if (isReconnect)
                    await RenewAsync(cancellationToken);
                isReconnect = true;
                await foreach (var entry in transport.Hosts.WatchAsync(cancellationToken))
                    Apply(entry, own: false);
            },
            LogLostOnce,
            cancellationToken);
    }

    // The first reason is enough until the store is available again.
    private void LogLostOnce(string reason)
    {
        if (lostAt is null)
            LogLost(reason);
    }

    // The bucket may have been recreated: its revisions start at 1, and agents register again at their next check. Known agents are
    // kept for that long, so that a broadcast does not omit them.
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stored = (await transport.Hosts.ListAsync(cancellationToken)).ToDictionary(entry => entry.Key);
            List<string> missing = [];
            lock (gate)
            {
                revisions.Clear();
<<<<<<< ours
                undelivered.Clear();
||||||| base
                ahead.Clear();
=======
>>>>>>> theirs
                missing.AddRange(agents.Keys.Where(key => !stored.ContainsKey(key)));
            }

            lostAt = null;
            foreach (var entry in stored.Values)
                Apply(entry, own: false);
            foreach (var key in missing)
                await transport.Signals.SendAsync(Subjects.RecordChanged(key), ReadOnlyMemory<byte>.Empty, cancellationToken);
            if (missing.Count > 0)
                removal = ForgetAsync(missing, cancellationToken);
        }
        catch (TransportException)
        {
            // The store is not available yet; the watch fails, too, and is retried.
        }
    }

    private async Task ForgetAsync(List<string> missing, CancellationToken cancellationToken)
    {
        await Task.Delay(LostAfter, time, cancellationToken);
        lock (gate)
            foreach (var key in missing.Where(key => !revisions.Contains(key)))
                Remove(key);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agents cannot be read, trying again: {Reason}")]
    private partial void LogLost(string reason);
<<<<<<< ours

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Heartbeats, cancellationToken))
        {
            var key = signal.Subject[Subjects.Heartbeats.Length..];
            // When two agents use one name, only the heartbeats of its owner count.
            if (AgentHeartbeat.TryParse(signal.Payload) is not { } heartbeat)
                skippedMessages.Add("heartbeats", key, signal.Subject, sequence: 0, "it is not a heartbeat");
            else if (agents.TryGetValue(key, out var agent) && agent.Ledger == heartbeat.Ledger)
                heartbeats[key] = new(time.GetTimestamp(), heartbeat);
        }
    }

    // Agents are pinged, so that they are known before their next heartbeat; repeated, because some may not listen yet.
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
||||||| base

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
=======
>>>>>>> theirs
}
