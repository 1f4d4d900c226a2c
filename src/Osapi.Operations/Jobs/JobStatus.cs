using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>A job's status in one word.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<JobStatus>)), NewerName(nameof(Failed))]
public enum JobStatus
{
    /// <summary>No host has taken it yet.</summary>
    Submitted,

    /// <summary>Some host has not ended.</summary>
    Processing,

    /// <summary>Every host succeeded or was skipped.</summary>
    Completed,

    /// <summary>No host succeeded.</summary>
    Failed,

    /// <summary>Some hosts succeeded and some did not.</summary>
    PartialFailure,

    /// <summary>Every host was cancelled.</summary>
    Cancelled,
}
