using System.Net;
using System.Text;
using Docker.DotNet;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>Classifies an engine's errors.</summary>
/// <remarks>
/// Docker mostly uses the status code. For the rest, and for Podman, whose service answers 500 to a name conflict or a
/// running container, the message decides.
/// </remarks>
internal static class DockerErrors
{
    private static readonly string[] Refusals = ["no basic auth credentials", "unauthorized", "authentication required", "access denied", "denied:"];

    // In this order: "no such host" is about a registry, not about a missing container.
    private static readonly (ErrorType Type, string[] Words)[] Meanings =
    [
        (ErrorType.Unavailable, ["connection refused", "no such host", "i/o timeout", "network is unreachable", "no route to host", "handshake timeout", "connection reset", "server misbehaving", "toomanyrequests"]),
        (ErrorType.Failed, Refusals),
        (ErrorType.Conflict, ["already in use", "already allocated", "is in use", "is being used", "running container", "paused containers", "is running", "is not running", "running containers", "container is paused", "marked for removal", "already in progress"]),
        (ErrorType.NotFound, ["no such", "manifest unknown", "not found", "does not exist", "no such file or directory"]),
        (ErrorType.Conflict, ["permission denied"]),
    ];

    /// <summary>Converts a failed response.</summary>
    public static OperationException Of(DockerApiException exception)
    {
        var message = Message(exception.ResponseBody) is { Length: > 0 } text ? text : $"the engine answers with status {(int)exception.StatusCode}";
        return new(TypeOf(exception.StatusCode, message), message);
    }

    /// <summary>Converts an error message in an engine's stream.</summary>
    public static OperationException Of(string message) => new(TypeOf(HttpStatusCode.InternalServerError, message), message);

    /// <summary>True when a registry rejected missing or wrong credentials.</summary>
    public static bool IsAboutCredentials(string message) => ContainsAny(message, Refusals);

    private static ErrorType TypeOf(HttpStatusCode status, string message) => status switch
    {
        HttpStatusCode.NotFound => ErrorType.NotFound,
        HttpStatusCode.Conflict => ErrorType.Conflict,
        HttpStatusCode.ServiceUnavailable => ErrorType.Unavailable,
        _ => Meanings.Where(meaning => ContainsAny(message, meaning.Words)).Select(meaning => (ErrorType?)meaning.Type).FirstOrDefault()
            ?? (status == HttpStatusCode.BadRequest ? ErrorType.Invalid : ErrorType.Failed),
    };

    private static bool ContainsAny(string message, string[] phrases) => phrases.Any(phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    private static string Message(string? body) =>
        (JsonConventions.ParseObject(Encoding.UTF8.GetBytes(body ?? "")) is { } json ? JsonConventions.Text(json, "message") ?? "" : body ?? "").ReplaceLineEndings(" ").Trim();
}
