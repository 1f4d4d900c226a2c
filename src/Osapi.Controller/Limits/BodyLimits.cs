using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Osapi.Controller.Limits;

/// <summary>What holds for the body of every request, whoever reads it.</summary>
internal static class BodyLimits
{
    /// <summary>Sets the most bytes that a body may have, and refuses one that is compressed.</summary>
    /// <exception cref="BadHttpRequestException">It has a content encoding.</exception>
    public static void Apply(HttpRequest request, long most)
    {
        // A small body can be compressed into any size; and nothing that is sent here is worth it.
        if (request.Headers.ContentEncoding is { Count: > 0 } encodings && encodings.Any(encoding => !"identity".Equals(encoding?.Trim(), StringComparison.OrdinalIgnoreCase)))
        {
            request.HttpContext.Response.Headers.AcceptEncoding = "identity";
            throw new BadHttpRequestException("the body must not be compressed (Content-Encoding: identity, or none)", StatusCodes.Status415UnsupportedMediaType);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most;
    }

    /// <summary>True when the server could not make sense of a body, such as of a chunk's size beyond 32 bits, and does not say that it is the caller's mistake.</summary>
    public static bool IsMalformed(IOException exception) => exception is not (BadHttpRequestException or ConnectionResetException);

    /// <summary>The error for such a body.</summary>
    public static BadHttpRequestException Malformed(IOException exception) => new($"the body cannot be read: {exception.Message}", exception);

    /// <summary>The error for a body that does not come in time.</summary>
    public static BadHttpRequestException TimedOut(HttpRequest request)
    {
        // What is left of it would be taken for the next request.
        request.HttpContext.Response.Headers.Connection = "close";
        return new("the body did not arrive in time", StatusCodes.Status408RequestTimeout);
    }
}
