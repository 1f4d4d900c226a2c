using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>The outcome of an operation on one host.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Outcome>)), NewerName(nameof(Unknown))]
public enum Outcome
{
    /// <summary>The operation ran and succeeded.</summary>
    Ok,

    /// <summary>The operation ran and failed, or the host rejected it.</summary>
    Failed,

    /// <summary>The operation was not run for a known reason: the host is drained, or a guard was not met.</summary>
    Skipped,

    /// <summary>The operation was cancelled before or while it ran.</summary>
    Cancelled,

    /// <summary>The host did not start the operation in time; it will never start.</summary>
    Expired,

    /// <summary>The operation was still running when the response was written. The job continues.</summary>
    Running,

    /// <summary>The operation started, and its outcome is not known because the agent died in the middle. It is not run again.</summary>
    Unknown,
}
