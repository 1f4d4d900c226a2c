using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Http;

/// <summary>Requests something from a web server: certificates are verified, redirects are limited, nothing is kept between two instances.</summary>
internal sealed class HttpFetch : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly HttpFetchOptions options;
    private readonly TrustedServer server;
    private readonly HttpClient http;

    /// <exception cref="OperationException">The authorities cannot be read.</exception>
    public HttpFetch(HttpFetchOptions options)
    {
        this.options = options;
        server = new(options);
        http = new(server.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The end of the validity of the last server's certificate; null without TLS.</summary>
    public DateTimeOffset? CertificateExpiresAt => server.CertificateExpiresAt;

    /// <summary>Requests a file, and returns when the headers of the answer are there: 200, or 304 for a version that is known.</summary>
    /// <param name="address">The address.</param>
    /// <param name="etag">The known version (ETag); null for none.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="OperationException">There is no such file, or the server cannot be reached, is not trusted, or refuses.</exception>
    public async Task<HttpResponseMessage> GetFileAsync(Uri address, string? etag, CancellationToken cancellationToken)
    {
        var response = await SendAsync(HttpMethod.Get, address, etag, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK || (response.StatusCode == HttpStatusCode.NotModified && etag is not null))
            return response;
        using (response)
            throw Refused(response.RequestMessage!.RequestUri!, response.StatusCode);
    }

    /// <summary>Sends a request, and returns when the headers of the answer are there, whatever its status. The address that answered is the one of its request.</summary>
    /// <exception cref="OperationException">The server cannot be reached, is not trusted, or redirects to what is not followed.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, string? etag, CancellationToken cancellationToken)
    {
        var current = address;
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendOnceAsync(method, current, IsSameServer(current, address) ? options.Headers : null, etag, cancellationToken);
            if (!options.FollowsRedirects || !IsRedirect(response))
                return response;
            using (response)
                current = RedirectOf(response, current);
            if (redirects == MaxRedirects)
                throw new OperationException(ErrorType.Failed, $"{address} leads to more than {MaxRedirects} redirects");
        }
    }

    /// <summary>Reads a part of an answer.</summary>
    /// <exception cref="OperationException">The connection ended before the answer did.</exception>
    public static async Task<int> ReadAsync(Uri address, Stream content, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new OperationException(ErrorType.Unavailable, $"{address} was not read to its end: {Cause(broken)}");
        }
    }

    /// <summary>Reads an answer that fits into memory; null when it has more bytes.</summary>
    /// <exception cref="OperationException">The connection ended before the answer did.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadSmallAsync(Uri address, HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[maxBytes + 1];
        var length = 0;
        while (length < bytes.Length && await ReadAsync(address, content, bytes.AsMemory(length), cancellationToken) is > 0 and var count)
            length += count;
        return length > maxBytes ? (ReadOnlyMemory<byte>?)null : bytes.AsMemory(0, length);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri address, IReadOnlyDictionary<string, string>? own, string? etag, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("osapi", null));
        foreach (var (name, value) in own ?? new Dictionary<string, string>())
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException failed)
        {
            var isDistrust = failed.InnerException is AuthenticationException;
            throw new OperationException(isDistrust ? ErrorType.Failed : ErrorType.Unavailable, $"{address} cannot be fetched: {(isDistrust ? server.Distrust : null) ?? Cause(failed)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OperationException(ErrorType.Unavailable, $"{address} cannot be fetched: no connection within {TrustedServer.ConnectTimeout.TotalSeconds} seconds");
        }
    }

    private static bool IsRedirect(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.Location is not null;

    private static Uri RedirectOf(HttpResponseMessage response, Uri from)
    {
        var to = new Uri(from, response.Headers.Location!);
        if (to.Scheme != Uri.UriSchemeHttps && (to.Scheme != Uri.UriSchemeHttp || from.Scheme == Uri.UriSchemeHttps))
            throw new OperationException(ErrorType.Failed, $"{from} redirects to {to.Scheme}, which is not followed{(to.Scheme == Uri.UriSchemeHttp ? " from https" : "")}");
        return to.UserInfo.Length == 0 ? to : throw new OperationException(ErrorType.Failed, $"{from} redirects to an address with credentials, which is not followed");
    }

    private static OperationException Refused(Uri address, HttpStatusCode status) => new(
        status switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => ErrorType.NotFound,
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => ErrorType.Unavailable,
            _ => ErrorType.Failed,
        },
        $"{address} cannot be fetched: the server answers {(int)status}");

    private static bool IsSameServer(Uri one, Uri other) => (one.Scheme, one.IdnHost, one.Port) == (other.Scheme, other.IdnHost, other.Port);

    private static string Cause(Exception exception) => ControlCharacters.Escape((exception.InnerException ?? exception).Message);
}
