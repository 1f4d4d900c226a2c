using Osapi.Operations.Files;

namespace Osapi.Client;

internal sealed partial class HttpInvoker
{
    /// <inheritdoc/>
    /// <exception cref="NotFoundException">The file does not exist.</exception>
    public async Task<Stream> OpenContentAsync(ObjectName name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        HttpResponseMessage? response = null;
        try
        {
            response = await http.GetAsync(
                new Uri(BaseUrl, $"file/{Uri.EscapeDataString(name.Value)}/content"), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return new ResponseStream(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), BaseUrl);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            throw ErrorResponse.ToException((int)response.StatusCode, body);
        }
        catch (HttpRequestException exception)
        {
            response?.Dispose();
            throw new ConnectionException(BaseUrl, exception);
        }
        catch
        {
            response?.Dispose();
            throw;
        }
    }
}
