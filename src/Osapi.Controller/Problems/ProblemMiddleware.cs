using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Controller.Problems;

/// <summary>
/// The middleware that converts exceptions into responses, and adds a problem document to error responses without a
/// body.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, LimitResponse limits, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405, ContentType: null })
                await ProblemBody.WriteAsync(context, context.Response.StatusCode, context.Response.StatusCode == 404
                    ? $"there is nothing at {context.Request.Path}"
                    : $"{context.Request.Path} does not support {context.Request.Method}");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has disconnected.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await (exception switch
            {
                OperationException known => ProblemBody.WriteAsync(context, ProblemBody.StatusOf(known.Type), known.Message),
                LimitException refusal => limits.WriteAsync(context, refusal),
                BadHttpRequestException bad => RefuseAsync(context, bad),
                UncertainJobException uncertain => ProblemBody.WriteAsync(context, 503, uncertain.Message, job: new(uncertain.JobId)),
                TransportException unavailable => ProblemBody.WriteAsync(context, 503, unavailable.Message),
                SqliteException failed => ProblemBody.WriteAsync(context, 503, JobIndexHealth.Describe(failed)),
                IOException full when IsFull(full) => ProblemBody.WriteAsync(context, 503, $"the controller's disk is full: {full.Message}"),
                _ => UnexpectedAsync(context, exception),
            });
        }
    }

    // ENOSPC, EROFS and EDQUOT: neither the request nor the program is at fault.
    private static bool IsFull(IOException failure) => failure.HResult is 28 or 30 or 122;

    private static Task RefuseAsync(HttpContext context, BadHttpRequestException refusal)
    {
        BodyLimits.Drain(context.Request);
        return ProblemBody.WriteAsync(context, refusal.StatusCode, refusal.Message);
    }

    private Task UnexpectedAsync(HttpContext context, Exception exception)
    {
        LogUnexpected(exception, context.Request.Method, context.Request.Path);
        // Internal details go to the log, not to the caller.
        return ProblemBody.WriteAsync(context, 500, $"an unexpected error; see {context.TraceIdentifier} in the controller's log");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, string method, PathString path);
}
