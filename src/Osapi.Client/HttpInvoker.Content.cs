using System.Net.Http.Headers;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Client;

internal sealed partial class HttpInvoker
{
    /// <inheritdoc/>
    /// <exception cref="NotFoundException">The file does not exist.</exception>
    public Task<Stream> OpenContentAsync(ObjectName name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return OpenAsync($"file/{Uri.EscapeDataString(name.Value)}/content", accept: null, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="NotFoundException">The job does not exist, or was not for the host.</exception>
    /// <exception cref="ValidationException">The job has several hosts, and none was named.</exception>
    public Task<Stream> OpenOutputAsync(JobId id, string? hostname, OutputStream stream, bool follow, CancellationToken cancellationToken) => OpenAsync(
        $"job/{id}/output?stream={SnakeCaseName.Of(stream)}{(hostname is null ? "" : $"&host={Uri.EscapeDataString(hostname)}")}{(follow ? "&follow=true" : "")}", accept: null, cancellationToken);

    private async Task<Stream> OpenAsync(string path, MediaTypeWithQualityHeaderValue? accept, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(BaseUrl, path));
            if (accept is not null)
                request.Headers.Accept.Add(accept);
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
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
