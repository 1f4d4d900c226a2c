using Microsoft.AspNetCore.Http;
using Osapi.Controller.Problems;

namespace Osapi.Controller.Limits;

/// <summary>Responds to a refused request: problem details with <c>Retry-After</c>, and a log line.</summary>
internal sealed class LimitResponse(LimitLog log)
{
    /// <summary>The seconds after which a refused caller may try again.</summary>
    public const string RetryAfter = "1";

    public Task WriteAsync(HttpContext context, LimitException refusal)
    {
        log.Refused(refusal.Limit, Caller.Of(context));
        context.Response.Headers.RetryAfter = RetryAfter;
        return ProblemBody.WriteLoggedAsync(context, refusal.Status, refusal.Message, job: refusal.JobId is { } id ? new(id) : null);
    }
}
