using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Osapi.Operations.Audit;

public static partial class AuditOperations
{
    /// <summary>The content type of an export as JSON lines.</summary>
    internal const string JsonLines = "application/x-ndjson";

    /// <summary>The route that streams the entries. It is not an operation because the response is a stream.</summary>
    internal static HttpRoute ExportRoute { get; } = HttpRoute.Get("/audit/export");
}

public sealed partial class AuditClient
{
    /// <summary>Opens all entries, oldest first in each chain, as a stream of JSON lines. The caller disposes it.</summary>
    /// <param name="since">Only entries of this time or later; null for all.</param>
    /// <param name="until">Only entries before this time; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="NotSupportedException">The invoker cannot stream.</exception>
    public Task<Stream> OpenExportAsync(DateTimeOffset? since = null, DateTimeOffset? until = null, CancellationToken cancellationToken = default) =>
        invoker is IAuditExporter exporter
            ? exporter.OpenAuditAsync(since, until, cancellationToken)
            : throw new NotSupportedException($"{invoker.GetType().Name} cannot stream the audit log: it does not implement {nameof(IAuditExporter)}.");

    /// <summary>Reads all entries, oldest first in each chain, one after the other.</summary>
    /// <inheritdoc cref="OpenExportAsync"/>
    public async IAsyncEnumerable<AuditEntry> ExportAsync(
        DateTimeOffset? since = null, DateTimeOffset? until = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using StreamReader reader = new(await OpenExportAsync(since, until, cancellationToken).ConfigureAwait(false), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            if (JsonSerializer.Deserialize(line, AuditJson.Results.AuditEntry) is { } entry)
                yield return entry;
    }
}
