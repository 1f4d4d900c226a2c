using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Audit;

/// <summary>The outcome of a request.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<AuditOutcome>)), NewerName(nameof(Unknown))]
public enum AuditOutcome
{
    /// <summary>An outcome that this version does not know.</summary>
    Unknown,

    /// <summary>It is about to act: the outcome is in the second entry, if there is one.</summary>
    Begun,

    /// <summary>It succeeded, on all hosts.</summary>
    Ok,

    /// <summary>Its job was accepted; the response did not wait for the hosts.</summary>
    Accepted,

    /// <summary>It was refused (status 400 to 499).</summary>
    Refused,

    /// <summary>The controller or a host failed.</summary>
    Failed,

    /// <summary>The caller disconnected before the response.</summary>
    Disconnected,
}
