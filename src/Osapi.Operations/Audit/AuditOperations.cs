using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Audit;

/// <summary>The audit log: every request with its caller and its outcome.</summary>
public static partial class AuditOperations
{
    internal static OperationFamily Family => new([List, Get, Verify]) { Admin = [Permissions.AuditRead] };
}

/// <summary>Calls of the audit family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class AuditClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ListAudit)), JsonSerializable(typeof(AuditList)), JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(GetAudit)), JsonSerializable(typeof(AuditDetail))]
[JsonSerializable(typeof(VerifyAudit)), JsonSerializable(typeof(AuditVerdict))]
internal sealed partial class AuditJson : JsonSerializerContext
{
    public static AuditJson Requests { get; } = new(JsonConventions.Strict);

    public static AuditJson Results { get; } = new(JsonConventions.Lenient);
}
