using Microsoft.AspNetCore.Http;
using Osapi.Controller.Limits;
using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>The middleware that records every request when it was answered.</summary>
/// <remarks>It is outside of everything that can refuse. A request without identity is counted if it was refused; an answer that needs no token, such as liveness, is not recorded.</remarks>
internal sealed class AuditMiddleware(RequestDelegate next, AuditChain chain, RefusalCounts refusals, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        AuditedRequest audited = new(context, time.GetUtcNow());
        context.Features.Set(audited);
        var start = time.GetTimestamp();
        var hasThrown = true;
        try
        {
            await next(context);
            hasThrown = false;
        }
        finally
        {
            var status = hasThrown && !context.Response.HasStarted ? StatusCodes.Status500InternalServerError : context.Response.StatusCode;
            if (audited.HasIdentity || audited.First is not null)
                Write(context, audited, status, hasThrown, time.GetElapsedTime(start));
            else if (status >= StatusCodes.Status400BadRequest)
                refusals.Add(Caller.AddressOf(context), status, audited.Started);
        }
    }

    private void Write(HttpContext context, AuditedRequest audited, int status, bool hasThrown, TimeSpan duration) => chain.Write(audited.Entry(audited.First is null ? AuditKind.Request : AuditKind.End) with
    {
        ResponseCode = status,
        Outcome = OutcomeOf(context, audited, status, hasThrown),
        DurationMs = (long)duration.TotalMilliseconds,
        First = audited.First,
    });

    private static AuditOutcome OutcomeOf(HttpContext context, AuditedRequest audited, int status, bool hasThrown) => status switch
    {
        // The response was not complete, so its status says nothing.
        _ when context.RequestAborted.IsCancellationRequested => AuditOutcome.Disconnected,
        >= 500 => AuditOutcome.Failed,
        >= 400 => AuditOutcome.Refused,
        _ when hasThrown || audited.HasFailedHost => AuditOutcome.Failed,
        StatusCodes.Status202Accepted when context.Response.Headers.ContainsKey("Preference-Applied") => AuditOutcome.Accepted,
        _ => AuditOutcome.Ok,
    };
}
