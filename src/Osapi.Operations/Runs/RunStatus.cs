using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>The status of a run.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RunStatus>)), NewerName(nameof(Unknown))]
public enum RunStatus
{
    /// <summary>A status that this version does not know.</summary>
    Unknown,

    /// <summary>Its runner is heard.</summary>
    Running,

    /// <summary>It has not ended, and its runner is not heard any more: it can be resumed.</summary>
    Interrupted,

    /// <summary>All tasks succeeded or were skipped.</summary>
    Succeeded,

    /// <summary>A task failed.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>Its deadline passed.</summary>
    TimedOut,

    /// <summary>It was interrupted, and a later run of its plan has taken its place.</summary>
    Superseded,

    /// <summary>It was handed over to the controllers, and none has taken it yet.</summary>
    Waiting,
}
