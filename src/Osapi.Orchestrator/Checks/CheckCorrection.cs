using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Checks;

/// <summary>
/// One call of a check, and what would be different by the time it is really made. A check sees what is there now. What it
/// finds about something that would be changed first, and a refusal where nobody knows what would be changed first,
/// becomes "only doing it can tell".
/// </summary>
internal sealed class CheckCorrection(Operation operation, object request, IReadOnlyList<PredictedChange> before)
{
    private readonly IReadOnlyList<string> things = before.Count == 0 ? [] : ResourceNames.NamedIn(operation, request);

    private bool IsReadOnly => operation.Idempotency == Idempotency.ReadOnly;

    /// <summary>The same answer without what could not be known.</summary>
    public OperationReply Revise(OperationReply reply)
    {
        if (before.Count == 0)
            return reply;
        if (operation.RunsOn == RunsOn.Controller)
            return reply.Check is not null && ChangedFirst(PredictedChange.Controller) is { } reason ? OperationReply.OfCheck(Unknown(reason)) : reply;
        List<HostReply> revised = [.. reply.Hosts.Select(Revise)];
        return revised.SequenceEqual(reply.Hosts) ? reply : OperationReply.OfHosts(reply.JobId, revised);
    }

    /// <summary>The answer in place of a refusal that need not come by then; null when it would come all the same.</summary>
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

    private HostReply Revise(HostReply entry)
    {
        var reason = entry switch
        {
            { Outcome: Outcome.Failed, ErrorType: ErrorType.NotFound or ErrorType.Conflict } => TolerateAt(entry.Hostname, entry.Error ?? "it was refused"),
            { Outcome: Outcome.Ok, Check: not null } when !IsReadOnly => ChangedFirst(entry.Hostname),
            _ => null,
        };
        return reason is null ? entry : new() { Hostname = entry.Hostname, Outcome = Outcome.Ok, Check = Unknown(reason) };
    }

    // What the controller keeps is there for every host.
    private string? ChangedFirst(string place) =>
        things.FirstOrDefault(thing => before.Any(one => one.ResourceNames.Contains(thing) && (one.Hosts.ContainsKey(place) || one.Hosts.ContainsKey(PredictedChange.Controller)))) is { } changed
            ? $"{changed} would be changed first"
            : null;

    private string? TolerateAt(string place, string refusal) =>
        ChangedFirst(place) is { } reason ? $"{reason}; now: {refusal}"
        : before.Any(one => one.Hosts.TryGetValue(place, out var changed) && changed is null) ? $"nobody knows what is changed first; now: {refusal}"
        : null;

    private CheckResult Unknown(string reason) => new() { Changed = IsReadOnly ? false : null, Reason = reason };
}
