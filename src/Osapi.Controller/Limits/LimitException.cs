using Microsoft.AspNetCore.Http;
using Osapi.Operations;

namespace Osapi.Controller.Limits;

/// <summary>The exception for a reached limit; the caller may try again later.</summary>
/// <param name="limit">The limit's name in the log.</param>
/// <param name="status">The status of the response: 429 for the caller's own limit, 503 for the limit in total.</param>
/// <param name="message">The message for the caller.</param>
internal sealed class LimitException(string limit, int status, string message) : Exception(message)
{
    public string Limit => limit;

    public int Status => status;

    /// <summary>The id of the job whose response was refused; null for other refusals.</summary>
    public JobId? JobId { get; set; }

    /// <summary>Creates the exception for a refusal of a quota.</summary>
    /// <param name="answer">The quota's answer.</param>
    /// <param name="limit">The limit's name in the log.</param>
    /// <param name="noun">The limited noun: <c>requests at once</c>.</param>
    public static LimitException Of(QuotaAnswer answer, string limit, string noun) => answer == QuotaAnswer.CallerHasAll
        ? new(limit, StatusCodes.Status429TooManyRequests, $"too many {noun} by this caller; try again later")
        : new(limit, StatusCodes.Status503ServiceUnavailable, $"the controller has too many {noun}; try again later");
}
