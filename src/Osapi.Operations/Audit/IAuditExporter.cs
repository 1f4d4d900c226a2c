namespace Osapi.Operations.Audit;

/// <summary>An invoker that can stream the audit log.</summary>
public interface IAuditExporter
{
    /// <summary>Opens the entries between two times as JSON lines. The caller disposes the stream.</summary>
    Task<Stream> OpenAuditAsync(DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken);
}
