namespace Osapi.Operations.Audit;

/// <summary>The entries in the examples of the family.</summary>
internal static class AuditExamples
{
    public static readonly AuditId Id = AuditId.Of("5f3a9c0e71d2", 812);

    public static AuditEntry Entry => new()
    {
        Id = Id,
        Controller = "5f3a9c0e71d2",
        Number = 812,
        Timestamp = new(2026, 11, 30, 17, 0, 0, TimeSpan.Zero),
        Kind = AuditKind.Request,
        User = "ann",
        Roles = ["read"],
        SourceIp = "192.0.2.7",
        Method = "POST",
        Path = "/node/web-01/command/exec",
        OperationId = "command.exec.execute",
        ResponseCode = 403,
        Outcome = AuditOutcome.Refused,
        DurationMs = 0,
    };
}
