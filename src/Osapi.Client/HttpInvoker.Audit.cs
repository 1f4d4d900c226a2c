using System.Globalization;
using System.Net.Http.Headers;
using Osapi.Operations.Audit;

namespace Osapi.Client;

internal sealed partial class HttpInvoker
{
    /// <inheritdoc/>
    public Task<Stream> OpenAuditAsync(DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        List<string> query = [];
        if (since is { } from)
            query.Add($"since={Uri.EscapeDataString(from.ToString("O", CultureInfo.InvariantCulture))}");
        if (until is { } to)
            query.Add($"until={Uri.EscapeDataString(to.ToString("O", CultureInfo.InvariantCulture))}");
        return OpenAsync($"audit/export{(query.Count > 0 ? "?" : "")}{string.Join('&', query)}", new MediaTypeWithQualityHeaderValue(AuditOperations.JsonLines), cancellationToken);
    }
}
