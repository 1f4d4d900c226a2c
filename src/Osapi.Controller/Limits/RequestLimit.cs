using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Health;

namespace Osapi.Controller.Limits;

/// <summary>The middleware that limits the number of concurrent requests and event streams.</summary>
/// <remarks>It runs after authentication, which identifies callers, and before everything that costs more.</remarks>
internal sealed class RequestLimit(RequestDelegate next, ControllerLimits limits, EventStreamQuota streams, LimitResponse answer)
{
    private readonly Quota requests = new(limits.MaxRequestsPerCaller, limits.MaxRequests);

    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        // Liveness must be answered especially when the process is busy.
        if (endpoint?.Metadata.GetMetadata<Operation>() == HealthOperations.Liveness)
        {
            await next(context);
            return;
        }

        var isStream = endpoint?.Metadata.GetMetadata<EventStreamQuota>() is not null;
        var quota = isStream ? streams.Quota : requests;
        var caller = Caller.Of(context);
        var granted = quota.Acquire(caller, 1);
        if (granted != QuotaAnswer.Granted)
        {
            await answer.WriteAsync(context, LimitException.Of(granted, isStream ? "event streams" : "requests", isStream ? "event streams" : "requests at once"));
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            quota.Release(caller, 1);
        }
    }
}
