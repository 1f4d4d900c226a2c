using Osapi.Operations;

namespace Osapi.Orchestrator.Runs;

/// <summary>A call that was recorded before it was made, and whose end is not.</summary>
/// <param name="Task">The name of the task.</param>
/// <param name="Hosts">The hosts that it calls; null for the task's own target, and for a task without hosts.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="JobId">The id of its job; null for a task that makes none.</param>
/// <param name="Time">The time of the entry, by the store's clock.</param>
internal sealed record OpenCall(string Task, IReadOnlyList<string>? Hosts, int Attempt, JobId? JobId, DateTimeOffset Time)
{
    /// <summary>The key of the item that it is about; null for a task without items.</summary>
    public string? Item { get; init; }
}
