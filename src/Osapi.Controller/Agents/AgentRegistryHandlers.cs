using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The handlers of the agent operations: listing agents, draining and removing them.</summary>
internal sealed class AgentRegistryHandlers(AgentRegistry agents, RosterReconciler roster, KeyChange keys, ITransport transport, TimeProvider time)
{
    public Task<AgentList> ListAsync(ListAgents request, HttpContext context)
    {
        var all = agents.All;
        return Task.FromResult(new AgentList([.. all.Select(Detail)], all.Count));
    }

    public Task<AgentDetail> GetAsync(GetAgent request, HttpContext context)
    {
        var agent = Find(request.Name);
        return Task.FromResult(Detail(agent) with { Timeline = agent.Timeline });
    }

    public Task<AgentTimeline> TimelineAsync(GetAgentTimeline request, HttpContext context)
    {
        var agent = Find(request.Name);
        return Task.FromResult(new AgentTimeline(agent.Hostname, agent.Timeline));
    }

    public async Task<AgentChange> DrainAsync(DrainAgent request, HttpContext context)
    {
        var (by, now) = (context.User.FindFirst("sub")?.Value, transport.ServerNow);
        var (agent, changed) = await ChangeAsync(
            request.Name,
            known => known.Drain is null ? known with { Drain = new(now, by, request.Reason) } : known,
            known => known.WithEvent("drain", request.Reason is null ? "Drained" : $"Drained: {request.Reason}", now, by),
            context.RequestAborted);
        return new(changed ? $"drain initiated for agent {agent.Hostname}" : $"agent {agent.Hostname} is already in {agent.State} state", agent.Hostname, agent.State, changed);
    }

    public async Task<AgentChange> UndrainAsync(UndrainAgent request, HttpContext context)
    {
        var (by, now) = (context.User.FindFirst("sub")?.Value, transport.ServerNow);
        var (agent, changed) = await ChangeAsync(request.Name, static known => known with { Drain = null }, known => known.WithEvent("undrain", "Undrained", now, by), context.RequestAborted);
        return new(changed ? $"undrain initiated for agent {agent.Hostname}" : $"agent {agent.Hostname} is not drained", agent.Hostname, agent.State, changed);
    }

    public async Task<AgentChange> RemoveAsync(RemoveAgent request, HttpContext context)
    {
        var (name, agent) = FindRemovable(request);
        var now = time.GetUtcNow();
        // Removing an agent also ends its drain and revokes its key; an agent that is only removed after a long silence keeps both.
        await roster.ChangeAsync(name, known => known with { Drain = null, RevokedAt = known.IsEnrolled ? now : known.RevokedAt }, context.RequestAborted);
        // If it returns at this moment, it finds its record missing and registers again.
        await transport.Hosts.DeleteAsync(HostKey.Of(name), context.RequestAborted);
        if (agent is not null)
            agents.Forget(agent);
        return new($"agent {name} removed", name, Changed: true);
    }

    public Task<CheckResult> CheckDrainAsync(DrainAgent request, HttpContext context) =>
        CheckAsync(request.Name, known => known.Drain is not null ? null : known with { Drain = new(transport.ServerNow, null, request.Reason), CordonedAt = null }, context.RequestAborted);

    public Task<CheckResult> CheckUndrainAsync(UndrainAgent request, HttpContext context) =>
        CheckAsync(request.Name, static known => known.Drain is null ? null : known with { Drain = null, CordonedAt = null }, context.RequestAborted);

    public Task<CheckResult> CheckRemoveAsync(RemoveAgent request, HttpContext context)
    {
        var (name, agent) = FindRemovable(request);
        return Task.FromResult(new CheckResult { Changed = true, Before = CheckMembers.Of(new() { ["hostname"] = name, ["state"] = agent?.State }) });
    }

    private async Task<CheckResult> CheckAsync(AgentName name, Func<AgentInfo, AgentInfo?> change, CancellationToken cancellationToken)
    {
        var known = await GetRecordAsync(name, cancellationToken);
        return change(known) is { } next ? new() { Changed = true, Before = StateOf(known), After = StateOf(next) } : new() { Changed = false };
    }

    private static JsonElement StateOf(AgentInfo agent)
    {
        JsonObject state = new() { ["state"] = agent.State };
        if (agent.Drain?.Reason is { } reason)
            state["reason"] = reason;
        return CheckMembers.Of(state);
    }

    // An enrolled host whose record expired after a long silence still has a key to revoke.
    private (string Name, AgentInfo? Agent) FindRemovable(RemoveAgent request)
    {
        var entry = roster.Find(HostKey.Of(request.Name.Value));
        if (agents.Find(request.Name.Value) is null && entry is { IsEnrolled: true })
            return (entry.Name, null);
        var agent = Find(request.Name);
        return agents.StatusOf(agent) != AgentStatus.Ready || (request.Force == true && entry is { IsEnrolled: true })
            ? (agent.Hostname, agent)
            : throw new OperationException(ErrorType.Conflict, $"agent {agent.Hostname} is running; stop it first{(entry is { IsEnrolled: true } ? ", or revoke its key with force" : "")}");
    }

    private AgentInfo Find(AgentName name) =>
        agents.Find(name.Value) ?? throw new OperationException(ErrorType.NotFound, $"agent not found: {name}{Suggestions.HintAll(name.Value, agents.All.Select(agent => agent.Hostname))}");

    private AgentDetail Detail(AgentInfo agent) => AgentView.Of(agent, agents.StatusOf(agent), agents.LastHeartbeatOf(agent)) with
    {
        Fingerprint = roster.Keys.Find(HostKey.Of(agent.Hostname)) is { IsRevoked: false } enrolled ? enrolled.Key.Fingerprint : null,
        Conditions = ConditionsOf(agent),
    };

    // On the embedded transport, controller and agent are one process, and trust each other.
    private IReadOnlyList<AgentCondition> ConditionsOf(AgentInfo agent) =>
        !transport.IsShared ? agent.Conditions
        : roster.Keys.Find(HostKey.Of(agent.Hostname)) is not { IsRevoked: false }
            ? [.. agent.Conditions, new(AgentConditionType.UnsignedAgent, true, agent.RegisteredAt, "the agent is not enrolled: its messages are not authenticated")]
        : keys.DifferenceOf(agent) is { } difference ? [.. agent.Conditions, new(AgentConditionType.KeyChange, true, agent.UpdatedAt, difference)]
        : agent.Conditions;

    private async Task<(AgentInfo Agent, bool Changed)> ChangeAsync(
        AgentName name, Func<RosterEntry, RosterEntry> change, Func<AgentInfo, AgentInfo> addEvent, CancellationToken cancellationToken)
    {
        var known = await GetRecordAsync(name, cancellationToken);
        var key = HostKey.Of(known.Hostname);
        if (!await roster.ChangeAsync(known.Hostname, change, cancellationToken))
            return (agents.WithRosterEntry(key, known), false);
        // The drain is effective from here on; the timeline entry is for information.
        if (await HostRecords.ChangeAsync(transport, key, record => record is null ? null : addEvent(record), cancellationToken) is { } stored)
            agents.ApplyOwn(stored);
        await NotifyAsync(key, cancellationToken);
        return (agents.WithRosterEntry(key, known), true);
    }

    // The registry may lag behind another controller; the stored record decides.
    private async Task<AgentInfo> GetRecordAsync(AgentName name, CancellationToken cancellationToken)
    {
        var key = HostKey.Of(name.Value);
        return await HostRecords.FindAsync(transport, key, cancellationToken) is { } stored ? agents.WithRosterEntry(key, stored) : Find(name);
    }

    private async Task NotifyAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await transport.Signals.SendAsync(Subjects.RecordChanged(key), ReadOnlyMemory<byte>.Empty, cancellationToken);
        }
        catch (TransportException)
        {
            // The change is stored, and the agent checks every 10 seconds.
        }
    }
}
