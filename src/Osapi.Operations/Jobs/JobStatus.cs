using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>The status of a job.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<JobStatus>)), NewerName(nameof(Failed))]
public enum JobStatus
{
    /// <summary>No host has started the job yet.</summary>
    Submitted,

    /// <summary>The job has started and has not ended on every host.</summary>
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
