using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>What kind of error stands in a host's entry; for a single host it decides the status of the answer.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ErrorType>)), NewerName(nameof(Failed))]
public enum ErrorType
{
    /// <summary>It failed for a reason of its own. Status 500.</summary>
    Failed,

    /// <summary>The host refused the request as malformed. Status 400.</summary>
    Invalid,

    /// <summary>What the request names does not exist on the host. Status 404.</summary>
    NotFound,

    /// <summary>The host's condition forbids it, such as a name that is taken. Status 409.</summary>
    Conflict,

    /// <summary>Something the operation needs is not there, such as a service that is down. Status 503.</summary>
    Unavailable,

    /// <summary>No host started it in time. Status 504.</summary>
    Expired,

    /// <summary>It ran out of the time it was given. Status 500.</summary>
    Timeout,

    /// <summary>It was cancelled. Status 500.</summary>
    Cancelled,

    /// <summary>Whether it finished cannot be known. Status 500.</summary>
    Unknown,

    /// <summary>The agent does not know the operation. Status 500.</summary>
    Unsupported,
}
