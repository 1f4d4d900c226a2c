using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Enrolment;

/// <summary>The handlers of the operations about agents that wait to be enrolled.</summary>
internal sealed partial class EnrolmentHandlers(
    RosterReconciler roster, PendingEnrolments pending, EnrolmentListener listener, TimeProvider time, ILogger<EnrolmentHandlers> logger)
{
    // The oldest is forgotten: an agent that asks again with a key that was rejected long ago is listed again.
    private const int MaxRejected = 8;

    public Task<EnrolmentList> ListAsync(ListEnrolments request, HttpContext context)
    {
        var waiting = pending.All
            .Where(found => !found.IsRejected)
            .Select(found => (Found: found, Entry: roster.Find(found.HostKey)))
            // Another controller may have decided since.
            .Where(found => EnrolmentDecision.Of(found.Entry, found.Found.Request, found.Found.Key, grant: null, found.Found.Reason).IsListed)
            .OrderBy(found => found.Found.Request.Name, StringComparer.Ordinal).ThenBy(found => found.Found.FirstHeard)
            .Select(found => View(found.Found, found.Entry))
            .ToList();
        return Task.FromResult(new EnrolmentList(waiting, waiting.Count));
    }

    public async Task<EnrolmentChange> AcceptAsync(AcceptEnrolment request, HttpContext context)
    {
        var (by, now) = (context.User.FindFirst("sub")?.Value ?? "unknown", time.GetUtcNow());
        if (IsEnrolled(request.Name, request.Fingerprint) && pending.Find(KeyOf(request.Name), request.Fingerprint.Value) is null)
            return new($"agent {request.Name} is already enrolled with this key", request.Name.Value, request.Fingerprint.Value);
        var found = Find(request.Name, request.Fingerprint);
        var (name, fingerprint) = (found.Request.Name, found.Key.Fingerprint);
        var changed = await roster.ChangeAsync(name, entry => EnrolmentDecision.Enrolled(entry, found.Request, found.Key, found.Request.Labels, by, now), context.RequestAborted);
        pending.Forget(found.HostKey, fingerprint);
        if (changed)
            LogAccepted(name, fingerprint, by);
        await ReplyAsync(found, new(EnrolmentStatus.Accepted), context.RequestAborted);
        return new(changed ? $"agent {name} is enrolled" : $"agent {name} is already enrolled with this key", name, fingerprint, changed);
    }

    public async Task<EnrolmentChange> RejectAsync(RejectEnrolment request, HttpContext context)
    {
        var fingerprint = request.Fingerprint.Value;
        if (IsRejected(request.Name, request.Fingerprint))
            return new($"agent {request.Name} is already rejected", request.Name.Value, fingerprint);
        var found = FindRejectable(request.Name, request.Fingerprint);
        var changed = await roster.ChangeAsync(found.Request.Name, entry => Rejected(entry, found), context.RequestAborted);
        pending.Forget(found.HostKey, fingerprint);
        if (changed)
            LogRejected(found.Request.Name, fingerprint, context.User.FindFirst("sub")?.Value ?? "unknown");
        await ReplyAsync(found, new(EnrolmentStatus.Rejected, "an operator has rejected its key"), context.RequestAborted);
        return new($"agent {found.Request.Name} is rejected", found.Request.Name, fingerprint, changed);
    }

    public Task<CheckResult> CheckAcceptAsync(AcceptEnrolment request, HttpContext context)
    {
        if (IsEnrolled(request.Name, request.Fingerprint) && pending.Find(KeyOf(request.Name), request.Fingerprint.Value) is null)
            return Task.FromResult(new CheckResult { Changed = false });
        var found = Find(request.Name, request.Fingerprint);
        var entry = roster.Find(found.HostKey) ?? new() { Name = found.Request.Name, Version = 0 };
        return Task.FromResult(Check(entry, EnrolmentDecision.Enrolled(entry, found.Request, found.Key, found.Request.Labels, "", time.GetUtcNow())));
    }

    public Task<CheckResult> CheckRejectAsync(RejectEnrolment request, HttpContext context)
    {
        if (IsRejected(request.Name, request.Fingerprint))
            return Task.FromResult(new CheckResult { Changed = false });
        var found = FindRejectable(request.Name, request.Fingerprint);
        var entry = roster.Find(found.HostKey) ?? new() { Name = found.Request.Name, Version = 0 };
        return Task.FromResult(Check(entry, Rejected(entry, found)));
    }

    private static string KeyOf(AgentName name) => HostKey.Of(name.Value);

    private static PendingAgent View(PendingEnrolment found, RosterEntry? entry) => new()
    {
        Hostname = found.Request.Name,
        Fingerprint = found.Key.Fingerprint,
        RequestedAt = found.FirstHeard,
        Reason = found.Reason,
        Replaces = entry is { IsEnrolled: true, Key: { } key } && key != found.Request.Key ? AgentPublicKey.Parse(key).Fingerprint : null,
        Labels = found.Request.Labels,
        MachineId = found.Request.MachineId,
        Version = found.Request.Version,
    };

    private static RosterEntry Rejected(RosterEntry entry, PendingEnrolment found) => entry.Rejected?.Contains(found.Key.Fingerprint) == true
        ? entry
        : entry with { Rejected = [.. (entry.Rejected ?? []).TakeLast(MaxRejected - 1), found.Key.Fingerprint] };

    private static CheckResult Check(RosterEntry before, RosterEntry after) =>
        before == after ? new() { Changed = false } : new() { Changed = true, Before = CheckMembers.Of(StateOf(before)), After = CheckMembers.Of(StateOf(after)) };

    private static JsonObject StateOf(RosterEntry entry) => new()
    {
        ["fingerprint"] = entry is { IsEnrolled: true, Key: { } key } ? AgentPublicKey.Parse(key).Fingerprint : null,
        ["labels"] = new JsonObject((entry.GrantedLabels ?? new Dictionary<string, string>()).Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))),
        ["rejected"] = new JsonArray([.. (entry.Rejected ?? []).Select(fingerprint => (JsonNode)fingerprint)]),
    };

    private bool IsEnrolled(AgentName name, KeyFingerprint fingerprint) => roster.Keys.Find(KeyOf(name)) is { IsRevoked: false } host && host.Key.Fingerprint == fingerprint.Value;

    private bool IsRejected(AgentName name, KeyFingerprint fingerprint) => roster.Find(KeyOf(name))?.Rejected?.Contains(fingerprint.Value) == true;

    private PendingEnrolment FindRejectable(AgentName name, KeyFingerprint fingerprint) => IsEnrolled(name, fingerprint)
        ? throw new OperationException(ErrorType.Conflict, $"agent {name} is enrolled with this key; remove the agent to revoke it")
        : Find(name, fingerprint);

    private PendingEnrolment Find(AgentName name, KeyFingerprint fingerprint)
    {
        var key = KeyOf(name);
        if (pending.Find(key, fingerprint.Value) is { } found)
            return found;
        var all = pending.All.Where(other => !other.IsRejected).ToList();
        var ofName = all.Where(other => other.HostKey == key).ToList();
        throw ofName.Count > 0
            ? new OperationException(ErrorType.Conflict, $"no agent with this fingerprint waits under the name {name}, which another key asks for ({string.Join(", ", ofName.Select(other => other.Key.Fingerprint))}); compare it with the output of 'osapi agent fingerprint' on the host")
            : new OperationException(ErrorType.NotFound, $"no agent waits to be enrolled as {name}{Suggestions.HintAll(name.Value, all.Select(other => other.Request.Name))}; an agent repeats its request every few seconds");
    }

    private async Task ReplyAsync(PendingEnrolment found, EnrolmentDecision decision, CancellationToken cancellationToken)
    {
        try
        {
            await listener.ReplyAsync(found.Request, found.Key, decision, cancellationToken);
        }
        catch (TransportException)
        {
            // The decision is stored; the reply to the next request repeats it.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Agent {Hostname} with the key {Fingerprint} is enrolled by {By}")]
    private partial void LogAccepted(string hostname, string fingerprint, string by);

    [LoggerMessage(Level = LogLevel.Information, Message = "Agent {Hostname} with the key {Fingerprint} is rejected by {By}")]
    private partial void LogRejected(string hostname, string fingerprint, string by);
}
