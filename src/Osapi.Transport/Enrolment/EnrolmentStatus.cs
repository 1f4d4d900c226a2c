using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Transport.Enrolment;

/// <summary>The decision about a request to enroll.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<EnrolmentStatus>))]
public enum EnrolmentStatus
{
    /// <summary>An operator has to decide; the agent repeats its request.</summary>
    Pending,

    /// <summary>The agent is enrolled: its key is in the roster.</summary>
    Accepted,

    /// <summary>An operator has rejected it; the agent stops to ask.</summary>
    Rejected,
}
