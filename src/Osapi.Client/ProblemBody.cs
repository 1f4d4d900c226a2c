using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Client;

/// <summary>Reads the body of an error: an RFC 9457 problem document that also carries <c>error</c>, <c>errors</c>, <c>job_id</c> and <c>results</c>.</summary>
internal static class ProblemBody
{
    public static bool IsProblem(string body) => Read(body) is not { } document || document.TryGetProperty("error", out _) && document.TryGetProperty("title", out _);

    public static ApiException ToException(int status, string body)
    {
        var document = Read(body);
        var message = Text(document, "error") ?? Text(document, "detail") ?? Text(document, "title") ?? $"unexpected status {status}";
        var errors = Elements(document, "errors").Select(error => error.GetString() ?? "").ToList();
        var jobId = Text(document, "job_id");
        var results = Elements(document, "results").Select(HostEntry.Read).ToList();
        return status switch
        {
            400 => new ValidationException(message) { Errors = errors, JobId = jobId, Results = results },
            401 or 403 => new AuthException(status, message) { Errors = errors },
            404 => new NotFoundException(message) { Errors = errors, JobId = jobId, Results = results },
            409 => new ConflictException(message) { Errors = errors, JobId = jobId, Results = results },
            >= 500 and < 600 => new ServerException(status, message) { Errors = errors, JobId = jobId, Results = results },
            _ => new UnexpectedStatusException(status, message) { Errors = errors, JobId = jobId, Results = results },
        };
    }

    private static JsonElement? Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement? document, string member) =>
        document is { } body && body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<JsonElement> Elements(JsonElement? document, string member) =>
        document is { } body && body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
