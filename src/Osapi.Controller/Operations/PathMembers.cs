using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Osapi.Controller.Operations;

/// <summary>Reads the members in a path, exactly as the caller wrote them.</summary>
internal static class PathMembers
{
    /// <summary>Gets a member of the path; empty when the route has none of this name.</summary>
    public static string Of(HttpRequest request, string name)
    {
        var routed = request.RouteValues[name] as string ?? "";
        // The server decodes everything except an encoded slash, which then looks the same as an encoded percent sign
        // followed by 2F.
        if (!routed.Contains("%2F", StringComparison.OrdinalIgnoreCase) || request.HttpContext.GetEndpoint() is not RouteEndpoint endpoint)
            return routed;
        var place = endpoint.RoutePattern.PathSegments.ToList().FindIndex(segment => segment.Parts is [RoutePatternParameterPart part] && part.Name == name);
        var segments = Path(request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget).TrimEnd('/').Split('/');
        var first = 1 + request.PathBase.Value!.Count(letter => letter == '/');
        // Where the server removed dot segments, the positions do not match any more.
        return segments.Length == endpoint.RoutePattern.PathSegments.Count + first ? Uri.UnescapeDataString(segments[place + first]) : routed;
    }

    // The request's target is a path or an absolute URL (RFC 9112, 3.2).
    private static string Path(string target)
    {
        var start = target.StartsWith('/') ? 0 : target.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? target.IndexOf('/', scheme + 3) : -1;
        var end = target.AsSpan().IndexOfAny('?', '#');
        return start < 0 ? "" : target[start..(end < 0 ? target.Length : end)];
    }
}
