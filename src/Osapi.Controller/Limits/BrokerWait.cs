using Microsoft.AspNetCore.Http;
using Osapi.Transport;

namespace Osapi.Controller.Limits;

/// <summary>The middleware that bounds how long a request waits for a broker, whatever it needs of it: its caller has an answer within 10 seconds.</summary>
internal sealed class BrokerWait(RequestDelegate next, TimeProvider time)
{
    /// <summary>The time that its waits may take together. What each of them may take uncounted, and the answer, is the rest of the 10 seconds.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(9);

    public async Task InvokeAsync(HttpContext context)
    {
        using var budget = WaitBudget.Begin(Limit, time);
        await next(context);
    }
}
