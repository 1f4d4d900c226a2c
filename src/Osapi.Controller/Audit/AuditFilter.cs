using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>The filters of a query.</summary>
internal static class AuditFilter
{
    /// <summary>Determines whether an entry matches all given filters.</summary>
    public static bool Matches(this ListAudit filter, AuditEntry entry) =>
        (filter.Kind is { } kind ? entry.Kind == kind : entry.Kind != AuditKind.Anchor)
        && Is(filter.Caller, entry.User)
        && Is(filter.Operation, entry.OperationId)
        && Is(filter.Target, entry.Target)
        && (filter.Method is not { } method || string.Equals(method, entry.Method, StringComparison.OrdinalIgnoreCase))
        && (filter.Outcome is not { } outcome || entry.Outcome == outcome)
        && (filter.Status is not { } status || entry.ResponseCode == status)
        && (filter.Job is not { } job || entry.Job == job)
        && (filter.Run is not { } run || entry.Run == run)
        && Lies(entry, filter.Since, filter.Until);

    /// <summary>Determines whether an entry lies between two times.</summary>
    public static bool Lies(AuditEntry entry, DateTimeOffset? since, DateTimeOffset? until) =>
        (since is not { } from || entry.Timestamp >= from) && (until is not { } to || entry.Timestamp < to);

    private static bool Is(string? wanted, string? found) => wanted is null || wanted == found;
}
