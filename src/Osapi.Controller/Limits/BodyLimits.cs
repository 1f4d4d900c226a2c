using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Osapi.Controller.Limits;

/// <summary>The rules for the body of every request.</summary>
internal static class BodyLimits
{
    // What a sender of a refused body may still send; the server itself waits at most 5 seconds for it.
    private const long MaxDrainedBytes = 64 * 1024 * 1024;

    /// <summary>Sets the maximum size of a body, and refuses a compressed one.</summary>
    /// <exception cref="BadHttpRequestException">The body has a content encoding.</exception>
    public static void Apply(HttpRequest request, long maxBytes)
    {
        // A small body can decompress to any size, and no request here needs compression.
        if (request.Headers.ContentEncoding is { Count: > 0 } encodings && encodings.Any(encoding => !"identity".Equals(encoding?.Trim(), StringComparison.OrdinalIgnoreCase)))
        {
            request.HttpContext.Response.Headers.AcceptEncoding = "identity";
            throw new BadHttpRequestException("the body must not be compressed (Content-Encoding: identity, or none)", StatusCodes.Status415UnsupportedMediaType);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBytes;
    }

    /// <summary>
    /// Lets the server read, and drop, the rest of a refused body. It would otherwise close the connection while the body is still being sent,
    /// and its sender would see that instead of the response.
    /// </summary>
    public static void Drain(HttpRequest request)
    {
        // Who closes the connection anyway is not waited for.
        if (request.ContentLength <= MaxDrainedBytes && !request.Headers.Connection.ToString().Contains("close", StringComparison.OrdinalIgnoreCase) && request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxDrainedBytes;
    }

    /// <summary>
    /// True when the server cannot parse a body, such as a chunk size beyond 32 bits, without reporting it as the
    /// caller's error.
    /// </summary>
    public static bool IsMalformed(IOException exception) => exception is not (BadHttpRequestException or ConnectionResetException);

    /// <summary>Creates the error for such a body.</summary>
    public static BadHttpRequestException Malformed(IOException exception) => new($"the body cannot be read: {exception.Message}", exception);

    /// <summary>Creates the error for a body that does not arrive in time.</summary>
    public static BadHttpRequestException TimedOut(HttpRequest request)
    {
        // The rest of the body would be parsed as the next request.
        request.HttpContext.Response.Headers.Connection = "close";
        return new("the body did not arrive in time", StatusCodes.Status408RequestTimeout);
    }
}
