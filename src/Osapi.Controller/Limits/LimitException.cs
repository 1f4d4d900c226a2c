using Microsoft.AspNetCore.Http;
using Osapi.Operations;

namespace Osapi.Controller.Limits;

/// <summary>A limit was reached; the caller may try again later.</summary>
/// <param name="limit">The limit's name in the log.</param>
/// <param name="status">The status of the answer: 429 for a caller's own limit, 503 for that of all.</param>
/// <param name="message">The message for the caller.</param>
internal sealed class LimitException(string limit, int status, string message) : Exception(message)
{
    public string Limit => limit;

    public int Status => status;

    /// <summary>The job, when the refusal is about the answer of one.</summary>
    public JobId? JobId { get; set; }

    /// <summary>The refusal of what a quota does not grant.</summary>
    /// <param name="answer">The quota's answer.</param>
    /// <param name="limit">The limit's name in the log.</param>
    /// <param name="what">The things that there are too many of: <c>requests at once</c>.</param>
    public static LimitException Of(QuotaAnswer answer, string limit, string what) => answer == QuotaAnswer.CallerHasAll
        ? new(limit, StatusCodes.Status429TooManyRequests, $"too many {what} by this caller; try again later")
        : new(limit, StatusCodes.Status503ServiceUnavailable, $"the controller has too many {what}; try again later");
}
