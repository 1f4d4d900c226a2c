using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Controller.Problems;

/// <summary>The one place that turns exceptions into answers, and gives answers without a body a problem document.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, LimitAnswer limits, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405, ContentType: null })
                await ProblemBody.WriteAsync(context, context.Response.StatusCode, context.Response.StatusCode == 404
                    ? $"there is nothing at {context.Request.Path}"
                    : $"{context.Request.Path} does not answer {context.Request.Method}");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; nobody reads an answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await (exception switch
            {
                OperationException known => ProblemBody.WriteAsync(context, ProblemBody.StatusOf(known.Type), known.Message),
                LimitException refusal => limits.WriteAsync(context, refusal),
                BadHttpRequestException bad => ProblemBody.WriteAsync(context, bad.StatusCode, bad.Message),
                TransportException unavailable => ProblemBody.WriteAsync(context, 503, unavailable.Message),
                _ => UnexpectedAsync(context, exception),
            });
        }
    }

    private Task UnexpectedAsync(HttpContext context, Exception exception)
    {
        LogUnexpected(exception, context.Request.Method, context.Request.Path);
        // What went wrong inside is for the log, not for the caller.
        return ProblemBody.WriteAsync(context, 500, $"an unexpected error; the controller's log has it under {context.TraceIdentifier}");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, string method, PathString path);
}
