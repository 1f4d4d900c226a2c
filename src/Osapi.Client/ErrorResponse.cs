using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Client;

/// <summary>The body of an error response: an RFC 9457 problem document that also carries <c>error</c>, <c>errors</c>, <c>job_id</c> and <c>results</c>.</summary>
internal static class ErrorResponse
{
    /// <summary>Creates the exception for an error status and its body.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body, which need not be JSON.</param>
    /// <param name="memberPrefix">The text that the controller puts before the names of members and that the caller did not write; it is left out of the messages.</param>
    public static ApiException ToException(int status, byte[] body, string memberPrefix = "")
    {
        var answer = JsonConventions.ParseObject(body);
        var document = answer ?? JsonElement.Parse("{}");
        var raw = answer is null ? null : Encoding.UTF8.GetString(body);
        var message = JsonConventions.Text(document, "error") ?? JsonConventions.Text(document, "detail") ?? JsonConventions.Text(document, "title") ?? $"unexpected status {status}";
        List<string> errors = [.. JsonConventions.Elements(document, "errors").Where(error => error.ValueKind == JsonValueKind.String).Select(error => error.GetString()!)];
        if (memberPrefix.Length > 0 && errors.Exists(error => error.StartsWith(memberPrefix, StringComparison.Ordinal)))
        {
            errors = [.. errors.Select(error => error.StartsWith(memberPrefix, StringComparison.Ordinal) ? error[memberPrefix.Length..] : error)];
            message = string.Join("; ", errors);
        }

        OperationReply reply = new(document);
        return status switch
        {
            400 => new ValidationException(message) { Errors = errors, JobId = reply.JobId, Hosts = reply.Hosts, RawJson = raw },
            401 or 403 => new AuthException(status, message) { Errors = errors, JobId = reply.JobId, Hosts = reply.Hosts, RawJson = raw },
            404 => new NotFoundException(message) { Errors = errors, JobId = reply.JobId, Hosts = reply.Hosts, RawJson = raw },
            409 => new ConflictException(message) { Errors = errors, JobId = reply.JobId, Hosts = reply.Hosts, RawJson = raw },
            429 => new TooManyRequestsException(message) { Errors = errors, JobId = reply.JobId, Hosts = reply.Hosts, RawJson = raw },
            >= 500 and < 600 => new ServerException(status, message) { Errors = errors, JobId = reply.JobId, Hosts = reply.Hosts, RawJson = raw },
            _ => new UnexpectedStatusException(status, message) { Errors = errors, JobId = reply.JobId, Hosts = reply.Hosts, RawJson = raw },
        };
    }
}
