namespace Osapi.Operations.Audit;

/// <summary>Verifies the audit log that the controller has: its own chain, its copies of the others', and all heads that it finds.</summary>
public sealed record VerifyAudit;

/// <summary>The result of a verification.</summary>
public sealed record AuditVerdict
{
    /// <summary>The chains that were verified.</summary>
    public IReadOnlyList<AuditChainVerdict> Chains { get => field ?? []; init; }

    /// <summary>The first 100 problems; empty when everything is intact.</summary>
    public IReadOnlyList<AuditProblem> Problems { get => field ?? []; init; }

    /// <summary>The number of problems.</summary>
    public required int ProblemCount { get; init; }
}

/// <summary>The extent of a chain.</summary>
/// <param name="Controller">The name of the chain.</param>
/// <param name="First">The number of its first entry that is kept; 0 for an empty chain.</param>
/// <param name="Last">The number of its last entry.</param>
/// <param name="Entries">The number of entries.</param>
/// <param name="IsCopy">True for a copy of another controller's chain.</param>
/// <param name="Anchors">The number of heads, in the log and in other chains, that it was compared with.</param>
public sealed record AuditChainVerdict(string Controller, long First, long Last, long Entries, bool IsCopy, long Anchors);

/// <summary>A problem of a chain.</summary>
/// <param name="Controller">The chain.</param>
/// <param name="Number">The number of the entry at which it shows.</param>
/// <param name="Problem">The problem: <c>changed</c>, <c>missing</c>, <c>order</c>, <c>torn</c>, <c>tail</c>, <c>anchor</c>, <c>key</c> or <c>file</c>.</param>
/// <param name="Detail">An explanation.</param>
public sealed record AuditProblem(string Controller, long Number, string Problem, string Detail);

public static partial class AuditOperations
{
    /// <inheritdoc cref="VerifyAudit"/>
    public static ControllerOperation<VerifyAudit, AuditVerdict> Verify { get; } = new("audit.verify", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/audit/verify"),
        Permission = Permissions.AuditRead,
        HasCommand = false,
        Request = AuditJson.Requests.VerifyAudit,
        Result = AuditJson.Results.AuditVerdict,
        Example = static () => (new(), new() { Chains = [new("5f3a9c0e71d2", 1, 812, 812, IsCopy: false, Anchors: 1)], ProblemCount = 0 }),
    };
}

public sealed partial class AuditClient
{
    /// <inheritdoc cref="VerifyAudit"/>
    public Task<AuditVerdict> VerifyAsync(CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AuditOperations.Verify, new(), options, cancellationToken);
}
