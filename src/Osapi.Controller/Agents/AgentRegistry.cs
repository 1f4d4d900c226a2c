using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The registered agents, and when each was last heard of by this controller's own clock.</summary>
internal sealed partial class AgentRegistry(ITransport transport, RosterReconciler roster, ControllerOptions options, SkippedMessages skippedMessages, TimeProvider time, ILogger<AgentRegistry> logger) : BackgroundService
{
    private static readonly TimeSpan FreshPeriod = TimeSpan.FromSeconds(10);
    // Between the servers of a store.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly RecordRevisions revisions = new();
    private readonly ConcurrentDictionary<string, AgentInfo> agents = new();
    private readonly AgentPresence presence = new(transport, skippedMessages, time);
    private readonly VanishedRecords vanished = new(transport, roster, skippedMessages, time);
    private long? lostAt;
    private Task removal = Task.CompletedTask;
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The time without a heartbeat after which an agent is not ready: three heartbeat intervals.</summary>
    public static readonly TimeSpan LostAfter = AgentPresence.LostAfter;

    /// <summary>Raised when an agent registers or stops.</summary>
    public event Action<AgentInfo>? Registered;

    /// <summary>The task that completes when the first running agent is known; a system on one machine waits for it.</summary>
    public Task FirstAgent => first.Task;

    public IReadOnlyList<AgentInfo> All => [.. agents.Select(agent => WithRosterEntry(agent.Key, agent.Value)).OrderBy(agent => agent.Hostname, StringComparer.Ordinal)];

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

    /// <summary>True when a host sent a heartbeat at or after a timestamp of the clock.</summary>
    public bool WasHeardSince(string hostKey, long timestamp) => presence.WasHeardSince(hostKey, timestamp);

    /// <summary>Returns the time since a host's last heartbeat; for a host without one, the time for which this controller has listened.</summary>
    public TimeSpan TimeSinceHeartbeat(string hostname) => presence.TimeSinceHeartbeat(HostKey.Of(hostname));

    /// <summary>Returns the time since an agent's last heartbeat; null when this controller has received none.</summary>
    public TimeSpan? HeartbeatAgeOf(AgentInfo agent) => presence.HeartbeatAge(HostKey.Of(agent.Hostname));

    /// <summary>Returns the status of an agent as the interface shows it. Every agent answers a controller that has just started, so an agent without a heartbeat is not ready.</summary>
    public string StatusOf(AgentInfo agent) => agent.StoppedAt is null && presence.HasHeartbeat(HostKey.Of(agent.Hostname)) ? AgentStatus.Ready : AgentStatus.NotReady;

    /// <summary>Returns an agent's last heartbeat with its time by the store's clock; null without one.</summary>
    public (DateTimeOffset At, AgentHeartbeat? Heartbeat)? LastHeartbeatOf(AgentInfo agent) => presence.LastOf(HostKey.Of(agent.Hostname));

    public AgentInfo? Find(string hostname) => FindKey(HostKey.Of(hostname));

    /// <summary>Finds the agent of a host's key.</summary>
    public AgentInfo? FindKey(string key) => agents.TryGetValue(key, out var agent) ? WithRosterEntry(key, agent) : null;

    /// <summary>Returns a record with the decisions of the operators about its host.</summary>
    public AgentInfo WithRosterEntry(string key, AgentInfo agent) => agent.WithRosterEntry(roster.Find(key), requiresKey: transport.IsShared && options.RefuseUnsigned);

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
            if (!revisions.Accept(entry, own))
                return;
            if (entry.Value.IsEmpty)
            {
                if (!agents.ContainsKey(entry.Key) || !vanished.TryAdd(entry.Key, entry.Revision))
                    Remove(entry.Key);
                return;
            }

            // An invalid record changes nothing: the agent itself writes a valid one again.
            if (!AgentInfo.TryParse(entry.Key, entry.Value, out var agent, out var reason))
            {
                // A rejected one is counted already.
                if (entry.Rejection is null)
                    skippedMessages.Add("hosts", entry.Key, entry.Key, entry.Revision, reason);
                return;
            }

            var before = agents.GetValueOrDefault(entry.Key);
            // Each write of the agent has a later time, and each of a controller keeps it. The store's clock may have been turned back.
            if (agent.UpdatedAt + ClockDifference < before?.UpdatedAt && before.UpdatedAt <= transport.ServerNow)
            {
                skippedMessages.Add("hosts", entry.Key, entry.Key, entry.Revision, "its host has written a newer one");
                return;
            }

            agents[entry.Key] = agent;
            // Only a recent write of the agent itself is a sign of life; an operator's is not.
            if ((agent.UpdatedAt != before?.UpdatedAt || agent.Session != before.Session) && transport.ServerNow - agent.UpdatedAt < FreshPeriod)
                presence.Observe(entry.Key, isSameAgent: before?.Ledger == agent.Ledger);
            if (agent.Session != before?.Session || agent.StoppedAt != before.StoppedAt)
                changed = agent;
        }

        if (changed is null)
            return;
        if (changed.StoppedAt is null)
            first.TrySetResult();
        Registered?.Invoke(changed);
    }

    private bool IsNewest(string key, long revision)
    {
        lock (gate)
            return revisions.IsNewest(key, revision);
    }

    private void Forget(string key, long revision)
    {
        lock (gate)
            if (revisions.IsNewest(key, revision))
                Remove(key);
    }

    private void Remove(string key)
    {
        agents.TryRemove(key, out _);
        presence.Forget(key);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await removal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WatchAsync(stoppingToken), presence.ListenAsync(agents.GetValueOrDefault, stoppingToken), presence.PingAsync(stoppingToken), vanished.RunAsync(IsNewest, Forget, stoppingToken));

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
}
