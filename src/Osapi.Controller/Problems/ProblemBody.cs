using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Problems;

/// <summary>
/// Writes errors: RFC 9457 problem details with <c>error</c>, every single error, and the job once there is one.
/// </summary>
internal static class ProblemBody
{
    /// <summary>Writes the response to an invalid request: all of its problems at once.</summary>
    public static Task WriteAsync(HttpContext context, IReadOnlyList<Problem> problems)
    {
        var errors = problems.Select(problem => problem.ToString()).ToList();
        // The messages quote what was sent, which is for the caller only.
        Log(context, StatusCodes.Status400BadRequest, $"not valid: {string.Join(", ", problems.Select(problem => problem.Member.Length > 0 ? problem.Member : "the request").Distinct())}");
        return WriteBodyAsync(context, StatusCodes.Status400BadRequest, string.Join("; ", errors), errors, job: null);
    }

    /// <summary>Writes an error that is not a limit; a request that did not become a job is logged as refused.</summary>
    public static Task WriteAsync(HttpContext context, int status, string error, FailedJob? job = null)
    {
        if (job is null && status != StatusCodes.Status500InternalServerError)
            Log(context, status, error);
        return WriteBodyAsync(context, status, error, errors: null, job);
    }

    /// <summary>Writes an error that has its own line in the log.</summary>
    public static Task WriteLoggedAsync(HttpContext context, int status, string error, FailedJob? job = null) => WriteBodyAsync(context, status, error, errors: null, job);

    private static void Log(HttpContext context, int status, string reason) => context.RequestServices.GetRequiredService<RefusalLog>().Add(context, status, reason);

    private static Task WriteBodyAsync(HttpContext context, int status, string error, IReadOnlyList<string>? errors, FailedJob? job)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        return ResponseBuffer.WriteAsync(context, writer => Write(writer, status, error, errors, job));
    }

    /// <summary>Gets the status for a type of error.</summary>
    public static int StatusOf(ErrorType? type) => type switch
    {
        ErrorType.Invalid => 400,
        ErrorType.Denied => 403,
        ErrorType.NotFound => 404,
        ErrorType.Conflict => 409,
        ErrorType.Unavailable => 503,
        ErrorType.Expired => 504,
        _ => 500,
    };

    private static void Write(Utf8JsonWriter writer, int status, string error, IReadOnlyList<string>? errors, FailedJob? job)
    {
        writer.WriteStartObject();
        writer.WriteString("type", $"urn:osapi:problem:{Slug(status)}");
        writer.WriteString("title", Title(status));
        writer.WriteNumber("status", status);
        writer.WriteString("detail", error);
        writer.WriteString("error", error);
        if (errors is { Count: > 0 })
        {
            writer.WriteStartArray("errors");
            foreach (var one in errors)
                writer.WriteStringValue(one);
            writer.WriteEndArray();
        }

        if (job is not null)
        {
            writer.WriteString("job_id", job.Id.ToGuid());
            if (job.Answers is var (operation, entries))
                HostResponseWriter.WriteEntries(writer, operation, entries);
        }

        writer.WriteEndObject();
    }

    private static string Slug(int status) => status switch
    {
        400 => "invalid-request",
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        408 => "too-slow",
        409 => "conflict",
        413 => "too-large",
        415 => "unsupported-media-type",
        429 => "too-many-requests",
        503 => "unavailable",
        504 => "expired",
        _ => "failed",
    };

    private static string Title(int status) => status switch
    {
        400 => "The request is not valid",
        401 => "There is no valid token",
        403 => "The token does not permit this",
        404 => "Not found",
        405 => "Method not allowed",
        408 => "The request took too long to arrive",
        409 => "The present condition forbids this",
        413 => "The request is too large",
        415 => "The body is of another content type",
        429 => "Too many requests",
        503 => "Not available",
        504 => "Not started in time",
        _ => "It failed",
    };
}
