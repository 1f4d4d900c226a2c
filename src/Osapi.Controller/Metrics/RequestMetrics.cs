using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Osapi.Controller.Limits;
using Osapi.Operations;

namespace Osapi.Controller.Metrics;

/// <summary>The middleware that counts requests.</summary>
internal sealed class RequestMetrics(RequestDelegate next, ControllerMetrics metrics, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var began = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var endpoint = context.GetEndpoint();
            // Requests to no endpoint are one operation, whatever their path is.
            var operation = endpoint?.Metadata.GetMetadata<Operation>()?.Id ?? (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            metrics.AddRequest(operation, context.Response.StatusCode, endpoint?.Metadata.GetMetadata<EventStreamQuota>() is null ? time.GetElapsedTime(began) : null);
        }
    }
}
