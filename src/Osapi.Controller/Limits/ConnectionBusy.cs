using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Limits;

/// <summary>The middleware that tells the connection limit which connections have a request in progress.</summary>
internal sealed class ConnectionBusy(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using (ConnectionLimit.Busy(context))
            await next(context);
    }
}
