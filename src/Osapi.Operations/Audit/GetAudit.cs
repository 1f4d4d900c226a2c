namespace Osapi.Operations.Audit;

/// <summary>Gets an entry of the audit log.</summary>
public sealed record GetAudit
{
    /// <summary>The id of the entry.</summary>
    public required AuditId Id { get; init; }
}

/// <summary>An entry of the audit log.</summary>
/// <param name="Entry">The entry.</param>
public sealed record AuditDetail(AuditEntry Entry);

public static partial class AuditOperations
{
    /// <inheritdoc cref="GetAudit"/>
    public static ControllerOperation<GetAudit, AuditDetail> Get { get; } = new("audit.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/audit/{id}"),
        Permission = Permissions.AuditRead,
        Request = AuditJson.Requests.GetAudit,
        Result = AuditJson.Results.AuditDetail,
        Example = static () => (new() { Id = AuditExamples.Id }, new(AuditExamples.Entry)),
    };
}

public sealed partial class AuditClient
{
    /// <inheritdoc cref="GetAudit"/>
    public Task<AuditDetail> GetAsync(AuditId id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AuditOperations.Get, new() { Id = id }, options, cancellationToken);
}
