using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>How an operation ended on one host.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Outcome>)), NewerName(nameof(Unknown))]
public enum Outcome
{
    /// <summary>It ran and succeeded.</summary>
    Ok,

    /// <summary>It ran and failed, or was refused by the host.</summary>
    Failed,

    /// <summary>It was not run for a reason that was known beforehand: the host is drained, or a guard said so.</summary>
    Skipped,

    /// <summary>It was cancelled before or while it ran.</summary>
    Cancelled,

    /// <summary>The host did not start it in time; it will never start.</summary>
    Expired,

    /// <summary>It had not ended when the answer was made. The job goes on.</summary>
    Running,

    /// <summary>It started, and whether it finished cannot be known: the agent died in the middle. It is not run again.</summary>
    Unknown,
}
