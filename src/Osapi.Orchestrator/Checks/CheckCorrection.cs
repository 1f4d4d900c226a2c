using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Checks;

/// <summary>
/// Corrects the result of one call of a dry run for changes that earlier tasks would have made by then. A check sees only the current
/// state. When earlier tasks would change the same resource, or unpredictable resources, the result of the call cannot be predicted.
/// </summary>
/// <param name="operation">The operation.</param>
/// <param name="request">The request.</param>
/// <param name="earlierChanges">The predicted changes of earlier tasks.</param>
/// <param name="known">The resource whose change the call knows, because it has the content that would be stored; null for none.</param>
internal sealed class CheckCorrection(Operation operation, object request, IReadOnlyList<PredictedChange> earlierChanges, string? known = null)
{
    private readonly IReadOnlyList<string> resources = earlierChanges.Count == 0 ? [] : [.. ResourceNames.NamedIn(operation, request).Where(name => name != known)];

    // The last of several decides.
    private readonly Dictionary<string, bool> drained = new(earlierChanges.Where(change => (change.Drained ?? change.Undrained) is not null).GroupBy(change => (change.Drained ?? change.Undrained)!).Select(changes => KeyValuePair.Create(changes.Key, changes.Last().Drained is not null)));

    private bool IsReadOnly => operation.Idempotency == Idempotency.ReadOnly;

    /// <summary>Returns the reply without results that depend on earlier changes.</summary>
    public OperationReply Revise(OperationReply reply)
    {
        if (earlierChanges.Count == 0)
            return reply;
        if (operation.RunsOn == RunsOn.Controller)
            return reply.Check is not null && ChangedFirst(PredictedChange.Controller) is { } reason ? OperationReply.OfCheck(Unknown(reason)) : reply;
        List<HostReply> revised = [.. reply.Hosts.Select(Revise)];
        return revised.SequenceEqual(reply.Hosts) ? reply : OperationReply.OfHosts(reply.JobId, revised);
    }

    /// <summary>Returns a reply that replaces an error which earlier changes may prevent; null when the error would occur anyway.</summary>
    public OperationReply? Tolerate(ApiException refusal)
    {
        if (refusal.Hosts.Count > 0)
        {
            var revised = refusal.Hosts.Select(Revise).ToList();
            return revised.SequenceEqual(refusal.Hosts) ? null : OperationReply.OfHosts(refusal.JobId, revised);
        }

        return operation.RunsOn == RunsOn.Controller && refusal is (NotFoundException or ConflictException) && TolerateAt(PredictedChange.Controller, refusal.Message) is { } reason
            ? OperationReply.OfCheck(Unknown(reason))
            : null;
    }

    /// <summary>Returns the reply of a host without results that depend on earlier changes, and without an error that they may prevent.</summary>
    public HostReply Revise(HostReply entry)
    {
        if (drained.GetValueOrDefault(entry.Hostname))
            return new() { Hostname = entry.Hostname, Outcome = Outcome.Skipped, Error = SkipReasons.HostDrained, ErrorType = ErrorType.Unavailable };
        var reason = entry switch
        {
            { Outcome: Outcome.Failed, ErrorType: ErrorType.NotFound or ErrorType.Conflict } => TolerateAt(entry.Hostname, entry.Error ?? "rejected"),
            { Outcome: Outcome.Ok, Check: not null } when !IsReadOnly => ChangedFirst(entry.Hostname),
            _ => null,
        };
        return reason is null ? entry : new() { Hostname = entry.Hostname, Outcome = Outcome.Ok, Check = Unknown(reason) };
    }

    // Resources of the controller are visible to every host.
    private string? ChangedFirst(string host) =>
        resources.FirstOrDefault(resource => earlierChanges.Any(change => change.ResourceNames.Contains(resource) && (change.Hosts.ContainsKey(host) || change.Hosts.ContainsKey(PredictedChange.Controller)))) is { } changed
            ? $"{changed} would change first"
            : null;

    private string? TolerateAt(string host, string refusal) =>
        ChangedFirst(host) is { } reason ? $"{reason} (currently: {refusal})"
        : earlierChanges.Any(change => change.Hosts.TryGetValue(host, out var changed) && changed is null) ? $"earlier changes cannot be predicted (currently: {refusal})"
        : null;

    private CheckResult Unknown(string reason) => new() { Changed = IsReadOnly ? false : null, Reason = reason };
}
