using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Osapi.Controller.Operations;

/// <summary>The members of a path, as the caller wrote them.</summary>
internal static class PathMembers
{
    /// <summary>A member of the path; empty when the route has none of this name.</summary>
    public static string Of(HttpRequest request, string name)
    {
        var routed = request.RouteValues[name] as string ?? "";
        // The server decodes everything but an encoded slash, so that afterwards nobody can tell it from a percent sign that was encoded itself.
        if (!routed.Contains("%2F", StringComparison.OrdinalIgnoreCase) || request.HttpContext.GetEndpoint() is not RouteEndpoint endpoint)
            return routed;
        var place = endpoint.RoutePattern.PathSegments.ToList().FindIndex(segment => segment.Parts is [RoutePatternParameterPart part] && part.Name == name);
        var segments = Path(request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget).TrimEnd('/').Split('/');
        var first = 1 + request.PathBase.Value!.Count(letter => letter == '/');
        // Where the server removed dots, the places do not match any more.
        return segments.Length == endpoint.RoutePattern.PathSegments.Count + first ? Uri.UnescapeDataString(segments[place + first]) : routed;
    }

    // The request's target is a path, or all of an address (RFC 9112, 3.2).
    private static string Path(string target)
    {
        var start = target.StartsWith('/') ? 0 : target.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? target.IndexOf('/', scheme + 3) : -1;
        var end = target.AsSpan().IndexOfAny('?', '#');
        return start < 0 ? "" : target[start..(end < 0 ? target.Length : end)];
    }
}
