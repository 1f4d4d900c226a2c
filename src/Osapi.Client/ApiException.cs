using Osapi.Operations;

namespace Osapi.Client;

/// <summary>A call that did not succeed.</summary>
public abstract class OsapiException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The controller could not be reached, or the connection broke before the answer was complete.</summary>
public sealed class ConnectionException(Uri? url, Exception inner) : OsapiException(Describe(url, inner), inner)
{
    /// <summary>The address that was tried.</summary>
    public Uri? Url => url;

    private static string Describe(Uri? url, Exception inner)
    {
        var address = url?.ToString().TrimEnd('/');
        var cause = inner.GetBaseException().Message;
        return inner is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse }
            ? $"{address} broke off its answer: {cause}"
            : $"{address} cannot be reached: {cause}";
    }
}

/// <summary>The controller answered with an error. The derived type says what kind.</summary>
public abstract class ApiException(int statusCode, string message) : OsapiException(message)
{
    /// <summary>The HTTP status.</summary>
    public int StatusCode => statusCode;

    /// <summary>Everything that is wrong, one by one; empty when the message says it all.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>The job, once there is one; it can be read afterwards. Null when the call was refused before.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The answer, byte for byte as it came; null when it was no JSON object.</summary>
    public string? RawJson { get; init; }

    /// <summary>What the hosts answered, when the call became a job.</summary>
    public IReadOnlyList<HostReply> Hosts { get; init; } = [];
}

/// <summary>The request is wrong (status 400); <see cref="ApiException.Errors"/> lists everything.</summary>
public sealed class ValidationException(string message) : ApiException(400, message);

/// <summary>There is no valid token (status 401), or it does not permit the call (403).</summary>
public sealed class AuthException(int statusCode, string message) : ApiException(statusCode, message);

/// <summary>What the call names does not exist (status 404).</summary>
public sealed class NotFoundException(string message) : ApiException(404, message);

/// <summary>The present condition forbids the call (status 409).</summary>
public sealed class ConflictException(string message) : ApiException(409, message);

/// <summary>The caller has too much under way at once, such as requests, streams of events or failed logins (status 429). The call had no effect.</summary>
public sealed class TooManyRequestsException(string message) : ApiException(429, message);

/// <summary>The controller or the host could not do it (status 500 to 599).</summary>
public sealed class ServerException(int statusCode, string message) : ApiException(statusCode, message);

/// <summary>An answer that an OSAPI controller does not give.</summary>
public sealed class UnexpectedStatusException(int statusCode, string message) : ApiException(statusCode, message);
