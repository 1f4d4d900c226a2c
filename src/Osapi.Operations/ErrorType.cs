using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>The kind of error in a host's result. With a single host it determines the HTTP status of the response.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ErrorType>)), NewerName(nameof(Failed))]
public enum ErrorType
{
    /// <summary>The operation failed for a reason of its own. Status 500.</summary>
    Failed,

    /// <summary>The host rejected the request as malformed. Status 400.</summary>
    Invalid,

    /// <summary>The object named in the request does not exist on the host. Status 404.</summary>
    NotFound,

    /// <summary>The state of the host does not allow the operation, for example because a name is in use. Status 409.</summary>
    Conflict,

    /// <summary>Something that the operation needs is not available, such as a service that is down. Status 503.</summary>
    Unavailable,

    /// <summary>No host started the operation in time. Status 504.</summary>
    Expired,

    /// <summary>The operation exceeded its time limit. Status 500.</summary>
    Timeout,

    /// <summary>The operation was cancelled. Status 500.</summary>
    Cancelled,

    /// <summary>The outcome of the operation is not known. Status 500.</summary>
    Unknown,

    /// <summary>The agent does not know the operation. Status 500.</summary>
    Unsupported,

    /// <summary>The agent denies it: its own configuration does, or the caller lacks a permission for what the host has there. Status 403.</summary>
    Denied,
}
