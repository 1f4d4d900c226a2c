using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The registered agents, and when each was last heard of by this controller's own clock.</summary>
internal sealed partial class AgentRegistry(ITransport transport, RosterReconciler roster, SkippedMessages passedOver, TimeProvider time, ILogger<AgentRegistry> logger) : BackgroundService
{
    private static readonly TimeSpan FreshPeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> revisions = [];
    private readonly Dictionary<string, long> ahead = [];
    private readonly ConcurrentDictionary<string, AgentInfo> agents = new();
    private readonly ConcurrentDictionary<string, LastHeartbeat> heard = new();
    private readonly long began = time.GetTimestamp();
    private long? lostAt;
    private Task leaving = Task.CompletedTask;
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An agent that was not heard of for this long counts as gone: three heartbeats.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    /// <summary>Called when an agent registers, again or for the first time, and when it stops.</summary>
    public event Action<AgentInfo>? Registered;

    /// <summary>Completes when the first agent that runs is known: what a system on one machine waits for.</summary>
    public Task FirstAgent => first.Task;

    public IReadOnlyList<AgentInfo> All => [.. agents.Select(agent => agent.Value.WithRosterEntry(roster.Find(agent.Key))).OrderBy(agent => agent.Hostname, StringComparer.Ordinal)];

    /// <summary>The agents that a target names, by name.</summary>
    public IReadOnlyList<AgentInfo> Matching(Target target)
    {
        if (target.Kind != TargetKind.Hosts)
            return [.. All.Where(agent => target.Includes(agent.Hostname, agent.Labels))];
        var listed = target.Hostnames.Select(HostKey.Of).ToHashSet();
        return [.. All.Where(agent => listed.Contains(HostKey.Of(agent.Hostname)))];
    }

    public AgentInfo? Find(string hostname) => FindKey(HostKey.Of(hostname));

    /// <summary>Finds the agent of a host's key.</summary>
    public AgentInfo? FindKey(string key) => agents.TryGetValue(key, out var agent) ? agent.WithRosterEntry(roster.Find(key)) : null;

    /// <summary>Completes when it knows every agent that is registered: the first request shall find them.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in await transport.Hosts.ListAsync(cancellationToken))
            Apply(entry, own: false);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes in what this controller has just stored itself, so that its next answer knows it.</summary>
    public void ApplyOwn(KeyValue entry) => Apply(entry, own: true);

    /// <summary>Forgets an agent whose key this controller has just removed; the next that is heard of the key counts again.</summary>
    public void Forget(AgentInfo agent)
    {
        var key = HostKey.Of(agent.Hostname);
        lock (gate)
            if (agents.GetValueOrDefault(key)?.Session == agent.Session)
                Remove(key);
    }

    private void Apply(KeyValue entry, bool own)
    {
        AgentInfo? told = null;
        lock (gate)
        {
            if (!IsNews(entry, own))
                return;
            revisions[entry.Key] = entry.Revision;
            if (entry.Value.IsEmpty)
            {
                Remove(entry.Key);
                return;
            }

            // What is not understood changes nothing: the agent itself writes a record again that is.
            if (!AgentInfo.TryParse(entry.Key, entry.Value, out var agent, out var reason))
            {
                passedOver.Add("hosts", entry.Key, entry.Key, entry.Revision, reason);
                return;
            }

            var before = agents.GetValueOrDefault(entry.Key);
            agents[entry.Key] = agent;
            // Only the agent's own word is a sign of life, and only while it is fresh; an operator's is not.
            if ((agent.UpdatedAt != before?.UpdatedAt || agent.Session != before.Session) && transport.ServerNow - agent.UpdatedAt < FreshPeriod)
                heard[entry.Key] = new(time.GetTimestamp(), before?.Ledger == agent.Ledger ? heard.GetValueOrDefault(entry.Key)?.Heartbeat : null);
            if (agent.Session != before?.Session || agent.StoppedAt != before.StoppedAt)
                told = agent;
        }

        if (told is null)
            return;
        if (told.StoppedAt is null)
            first.TrySetResult();
        Registered?.Invoke(told);
    }

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

    private void Remove(string key)
    {
        agents.TryRemove(key, out _);
        heard.TryRemove(key, out _);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await leaving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WatchAsync(stoppingToken), ListenAsync(stoppingToken), CallAsync(stoppingToken));

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var isAgain = false;
        RetryLoop retry = new(time, RetryDelay) { Failed = _ => lostAt ??= time.GetTimestamp() };
        await retry.RunAsync(
            async () =>
            {
                if (isAgain)
                    await RenewAsync(cancellationToken);
                isAgain = true;
                await foreach (var entry in transport.Hosts.WatchAsync(cancellationToken))
                    Apply(entry, own: false);
            },
            LogLostOnce,
            cancellationToken);
    }

    // It is the same until the store is there again, whatever the reason.
    private void LogLostOnce(string reason)
    {
        if (lostAt is null)
            LogLost(reason);
    }

    // The bucket was made anew, perhaps: its revisions begin at 1, and agents register again when they look. Those that were
    // known stay known until they had the time for it, so that a broadcast does not leave them out.
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
                leaving = ForgetAsync(missing, cancellationToken);
        }
        catch (TransportException)
        {
            // Not yet; the watch says so again.
        }
    }

    private async Task ForgetAsync(List<string> missing, CancellationToken cancellationToken)
    {
        await Task.Delay(LostAfter, time, cancellationToken);
        lock (gate)
            foreach (var key in missing.Where(key => !revisions.ContainsKey(key)))
                Remove(key);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agents cannot be read, trying again: {Reason}")]
    private partial void LogLost(string reason);
}
