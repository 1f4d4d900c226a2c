using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The registered agents, and when each was last heard of by this controller's own clock.</summary>
internal sealed class AgentRegistry(ITransport transport, TimeProvider time) : BackgroundService
{
    private readonly ConcurrentDictionary<string, AgentInfo> agents = new();
    private readonly ConcurrentDictionary<string, long> heard = new();
    private readonly long began = time.GetTimestamp();
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An agent that was not heard of for this long counts as gone: three heartbeats.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    /// <summary>Called when an agent registers, again or for the first time.</summary>
    public event Action<AgentInfo>? Registered;

    /// <summary>Completes when the first agent is known: what a system on one machine waits for.</summary>
    public Task FirstAgent => first.Task;

    public IReadOnlyList<AgentInfo> All => [.. agents.Values.OrderBy(agent => agent.Hostname, StringComparer.Ordinal)];

    /// <summary>The agents that a target names, by name.</summary>
    public IReadOnlyList<AgentInfo> Matching(Target target) => [.. All.Where(agent => target.Includes(agent.Hostname, agent.Labels))];

    /// <summary>False when a host was silent for too long. A controller that has only begun to listen cannot say so yet.</summary>
    public bool IsAlive(string hostname) => SilenceOf(hostname) < LostAfter;

    /// <summary>How long ago a host was last heard of; for one that never was, how long this controller has listened.</summary>
    public TimeSpan SilenceOf(string hostname) => time.GetElapsedTime(heard.GetValueOrDefault(HostKey.Of(hostname), began));

    public AgentInfo? Find(string hostname) => agents.GetValueOrDefault(HostKey.Of(hostname));

    /// <summary>Why a target names nobody, and what it may have meant.</summary>
    public string Explain(Target target) => target.Kind switch
    {
        TargetKind.Any or TargetKind.All => $"target {target} matches no host: no agent is registered",
        TargetKind.Label => $"target {target} matches no host"
            + NearName.Hint(target.Text, agents.Values.SelectMany(agent => agent.Labels).Select(label => $"{label.Key}:{label.Value}")),
        _ => $"target {target} is not a registered host" + NearName.Hint(target.Text, agents.Values.Select(agent => agent.Hostname)),
    };

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WatchAsync(stoppingToken), ListenAsync(stoppingToken));

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in transport.Hosts.WatchAsync(cancellationToken))
            if (entry.Value.IsEmpty)
            {
                agents.TryRemove(entry.Key, out _);
            }
            else
            {
                var agent = JobJson.Agent(entry.Value);
                agents[entry.Key] = agent;
                heard[entry.Key] = time.GetTimestamp();
                first.TrySetResult();
                Registered?.Invoke(agent);
            }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var beat in transport.Signals.ListenAsync(Subjects.Heartbeats, cancellationToken))
            heard[beat.Subject[Subjects.Heartbeats.Length..]] = time.GetTimestamp();
    }
}
