using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Http;

/// <summary>Requests a file from a web server: certificates are verified, redirects are limited, nothing is kept between two requests.</summary>
/// <param name="headers">The headers of the caller, which only the server of the first address gets.</param>
/// <param name="ca">The authorities in PEM that may certify the server; null for those that the host trusts.</param>
internal sealed class HttpFetch(IReadOnlyDictionary<string, string>? headers, string? ca) : IDisposable
{
    private const int MaxRedirects = 10;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = new(HandlerWith(ca)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Requests the file, and returns when the headers of the answer are there: 200, or 304 for a version that is known.</summary>
    /// <param name="address">The address.</param>
    /// <param name="etag">The known version (ETag); null for none.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="OperationException">There is no such file, or the server cannot be reached, is not trusted, or refuses.</exception>
    public async Task<HttpResponseMessage> SendAsync(Uri address, string? etag, CancellationToken cancellationToken)
    {
        var current = address;
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendOnceAsync(current, IsSameServer(current, address) ? headers : null, etag, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK || (response.StatusCode == HttpStatusCode.NotModified && etag is not null))
                return response;
            using (response)
                current = RedirectOf(response, current) ?? throw Refused(current, response.StatusCode);
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

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(Uri address, IReadOnlyDictionary<string, string>? own, string? etag, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
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
            throw new OperationException(isDistrust ? ErrorType.Failed : ErrorType.Unavailable, $"{address} cannot be fetched: {Cause(failed)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OperationException(ErrorType.Unavailable, $"{address} cannot be fetched: no connection within {ConnectTimeout.TotalSeconds} seconds");
        }
    }

    private static Uri? RedirectOf(HttpResponseMessage response, Uri from)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || response.Headers.Location is not { } location)
            return null;
        var to = new Uri(from, location);
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

    private static SocketsHttpHandler HandlerWith(string? ca)
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectTimeout, MaxResponseHeadersLength = 64 };
        if (ca is not null)
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = PolicyOf(ca) };
        return handler;
    }

    private static X509ChainPolicy PolicyOf(string ca)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(ca);
        }
        catch (CryptographicException invalid)
        {
            throw new OperationException(ErrorType.Invalid, $"ca cannot be read: {invalid.Message}");
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new OperationException(ErrorType.Invalid, "ca has no certificate");
    }
}
