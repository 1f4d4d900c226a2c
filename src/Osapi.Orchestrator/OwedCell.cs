namespace Osapi.Orchestrator;

/// <summary>
/// A task that runs only if a dependency changed something, and that did not succeed although one did: a service that was not restarted
/// after its configuration had changed.
/// </summary>
/// <param name="Task">The name of the task.</param>
/// <param name="Host">The host on which it is owed; null for a task that does not run on hosts.</param>
public sealed record OwedCell(string Task, string? Host);
