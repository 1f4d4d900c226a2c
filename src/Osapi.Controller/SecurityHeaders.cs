using Microsoft.AspNetCore.Http;

namespace Osapi.Controller;

/// <summary>The middleware that adds the headers of every response: no answer is kept by a cache, guessed to be of another type, or asked for without encryption once it had some.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // When the response starts: the headers of a response that became an error are cleared before.
        context.Response.OnStarting(
            static state =>
            {
                var context = (HttpContext)state;
                var headers = context.Response.Headers;
                headers.CacheControl = "no-store";
                headers.XContentTypeOptions = "nosniff";
                if (context.Request.IsHttps)
                    headers.StrictTransportSecurity = "max-age=31536000";
                return Task.CompletedTask;
            },
            context);
        return next(context);
    }
}
