using Osapi.Operations.Json;
using Osapi.Operations.Runs;

namespace Osapi.Operations.Audit;

/// <summary>Lists the entries of the audit log of all controllers, newest first. All given filters must match.</summary>
public sealed record ListAudit
{
    /// <summary>Only requests of this caller: the subject of the token.</summary>
    [Length(1, 400), NoNul] public string? Caller { get; init; }

    /// <summary>Only requests of this operation id, 1 to 200 characters.</summary>
    [Length(1, 200), NoNul] public string? Operation { get; init; }

    /// <summary>Only requests with this outcome.</summary>
    public AuditOutcome? Outcome { get; init; }

    /// <summary>Only entries of this kind; default: all but anchors.</summary>
    public AuditKind? Kind { get; init; }

    /// <summary>Only requests with this HTTP method.</summary>
    [Length(1, 16), NoNul] public string? Method { get; init; }

    /// <summary>Only requests with this HTTP status.</summary>
    [Range(100, 599)] public int? Status { get; init; }

    /// <summary>Only requests with this target, exactly as the caller wrote it.</summary>
    [Length(1, 1000), NoNul] public string? Target { get; init; }

    /// <summary>Only requests about this job.</summary>
    public JobId? Job { get; init; }

    /// <summary>Only requests about this run.</summary>
    public RunId? Run { get; init; }

    /// <summary>Only entries of this time or later (RFC 3339).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only entries before this time (RFC 3339).</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The maximum number of entries, 1 to 100; default: 20.</summary>
    [Range(1, 100)] public int? Limit { get; init; }

    /// <summary>The number of newest entries to skip, up to 10,000; default: 0. New entries shift the pages: use <c>next_cursor</c> to read everything.</summary>
    [Range(0, 10_000)] public int? Offset { get; init; }

    /// <summary>The position after the previous page (its <c>next_cursor</c>).</summary>
    [Length(1, 4000), NoNul] public string? Cursor { get; init; }
}

/// <summary>A page of the audit log.</summary>
public sealed record AuditList
{
    /// <summary>The number of entries that are kept, whatever the filters are.</summary>
    public required long TotalItems { get; init; }

    /// <summary>The entries, newest first. A page of a rare filter can be short or empty although more entries follow.</summary>
    public IReadOnlyList<AuditEntry> Items { get => field ?? []; init; }

    /// <summary>The <c>cursor</c> of the next page; null on the last page.</summary>
    public string? NextCursor { get; init; }
}

public static partial class AuditOperations
{
    /// <inheritdoc cref="ListAudit"/>
    public static ControllerOperation<ListAudit, AuditList> List { get; } = new("audit.list", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/audit"),
        Permission = Permissions.AuditRead,
        Request = AuditJson.Requests.ListAudit,
        Result = AuditJson.Results.AuditList,
        Example = static () => (new() { Caller = "ann", Outcome = AuditOutcome.Refused }, new() { TotalItems = 4711, Items = [AuditExamples.Entry] }),
    };
}

public sealed partial class AuditClient
{
    /// <inheritdoc cref="ListAudit"/>
    public Task<AuditList> ListAsync(ListAudit? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AuditOperations.List, request ?? new(), options, cancellationToken);
}
