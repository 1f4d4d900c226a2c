using Osapi.Operations;

namespace Osapi.Client;

/// <summary>The base class of errors of a call.</summary>
public abstract class OsapiException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The exception for a controller that cannot be reached, or a connection that broke before the response was complete.</summary>
public sealed class ConnectionException(Uri? url, Exception inner) : OsapiException(Describe(url, inner), inner)
{
    /// <summary>The address of the controller.</summary>
    public Uri? Url => url;

    private static string Describe(Uri? url, Exception inner)
    {
        var address = url?.ToString().TrimEnd('/');
        var cause = inner.GetBaseException().Message;
        return inner is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse }
            ? $"{address} closed the connection before its response was complete: {cause}"
            : $"{address} cannot be reached: {cause}";
    }
}

/// <summary>The base class of error responses of the controller. The derived type states the kind of error.</summary>
public abstract class ApiException(int statusCode, string message) : OsapiException(message)
{
    /// <summary>The HTTP status of the response.</summary>
    public int StatusCode => statusCode;

    /// <summary>The single problems; empty when the message contains everything.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>The id of the job, which can be read afterwards; null when the call was rejected before it became a job.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The response body, byte for byte; null when it is not a JSON object.</summary>
    public string? RawJson { get; init; }

    /// <summary>The results of the hosts; empty when the call did not become a job.</summary>
    public IReadOnlyList<HostReply> Hosts { get; init; } = [];
}

/// <summary>The exception for an invalid request (status 400); <see cref="ApiException.Errors"/> lists all problems.</summary>
public sealed class ValidationException(string message) : ApiException(400, message);

/// <summary>The exception for a missing or invalid token (status 401), or one that does not permit the call (403).</summary>
public sealed class AuthException(int statusCode, string message) : ApiException(statusCode, message);

/// <summary>The exception for an object that does not exist (status 404).</summary>
public sealed class NotFoundException(string message) : ApiException(404, message);

/// <summary>The exception for a call that conflicts with the current state (status 409).</summary>
public sealed class ConflictException(string message) : ApiException(409, message);

/// <summary>The exception for a caller over a limit, such as concurrent requests, event streams or failed logins (status 429). The call had no effect.</summary>
public sealed class TooManyRequestsException(string message) : ApiException(429, message);

/// <summary>The exception for a failure of the controller or the host (status 500 to 599).</summary>
public sealed class ServerException(int statusCode, string message) : ApiException(statusCode, message);

/// <summary>The exception for a response that an OSAPI controller does not send.</summary>
public sealed class UnexpectedStatusException(int statusCode, string message) : ApiException(statusCode, message);
