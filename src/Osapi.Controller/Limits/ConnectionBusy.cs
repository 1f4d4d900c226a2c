using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Limits;

/// <summary>The middleware that marks connections with a request in progress for the connection limit.</summary>
internal sealed class ConnectionBusy(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using (ConnectionLimit.Busy(context))
            await next(context);
    }
}
