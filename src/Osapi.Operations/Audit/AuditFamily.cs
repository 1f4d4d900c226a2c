using Osapi.Operations.Audit;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read and verify the audit log.</summary>
    public const string AuditRead = "audit:read";
}

public abstract partial class FamilyClients
{
    /// <summary>The audit log: every request with its caller and its outcome.</summary>
    public AuditClient Audit => field ??= new(invoker);
}
