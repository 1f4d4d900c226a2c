using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Client;

/// <summary>Reads the body of an error: an RFC 9457 problem document that also carries <c>error</c>, <c>errors</c>, <c>job_id</c> and <c>results</c>.</summary>
internal static class ProblemBody
{
    /// <summary>The exception for an error status; <paramref name="body"/> is null when the answer is no JSON object.</summary>
    public static ApiException ToException(int status, JsonElement? body)
    {
        var document = body ?? JsonElement.Parse("{}");
        var message = Wire.Text(document, "error") ?? Wire.Text(document, "detail") ?? Wire.Text(document, "title") ?? $"unexpected status {status}";
        List<string> errors = [.. Wire.Elements(document, "errors").Where(error => error.ValueKind == JsonValueKind.String).Select(error => error.GetString()!)];
        var jobId = Wire.Text(document, "job_id");
        List<HostEntry> results = [.. new OperationReply(document).Entries];
        return status switch
        {
            400 => new ValidationException(message) { Errors = errors, JobId = jobId, Results = results },
            401 or 403 => new AuthException(status, message) { Errors = errors, JobId = jobId, Results = results },
            404 => new NotFoundException(message) { Errors = errors, JobId = jobId, Results = results },
            409 => new ConflictException(message) { Errors = errors, JobId = jobId, Results = results },
            >= 500 and < 600 => new ServerException(status, message) { Errors = errors, JobId = jobId, Results = results },
            _ => new UnexpectedStatusException(status, message) { Errors = errors, JobId = jobId, Results = results },
        };
    }
}
