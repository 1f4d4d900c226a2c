using Microsoft.AspNetCore.Http;
using Osapi.Transport;

namespace Osapi.Controller.Limits;

/// <summary>The middleware that limits the total time that a request waits for a broker: its caller gets a response within 10 seconds.</summary>
internal sealed class BrokerWait(RequestDelegate next, TimeProvider time)
{
    /// <summary>The time limit of all waits of a request together. The rest of the 10 seconds is for the work between waits and for the response.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(9);

    public async Task InvokeAsync(HttpContext context)
    {
        using var budget = WaitBudget.Begin(Limit, time);
        await next(context);
    }
}
