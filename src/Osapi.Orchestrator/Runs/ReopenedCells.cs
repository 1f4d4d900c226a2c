using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Runs;

/// <summary>The ended cells that get a new attempt when a run is resumed.</summary>
internal sealed class ReopenedCells(Plan plan, RunOptions options)
{
    private readonly Dictionary<string, PlanTask> tasks = plan.Tasks.ToDictionary(task => task.Name, StringComparer.Ordinal);

    public bool Contains(JournalEntry end) => IsNamed(end) || (options.RetryFailed && end.Status is "failed" or "cancelled" or "skipped" && !MayHaveRun(end));

    private bool IsNamed(JournalEntry end) => options.Rerun.Any(cell => cell == end.Task || (end.Host is not null && cell.Equals($"{end.Task}@{end.Host}", StringComparison.OrdinalIgnoreCase)));

    // What is harmful to repeat is not repeated while nobody knows whether it has run.
    private bool MayHaveRun(JournalEntry end) =>
        (end.Outcome is Outcome.Unknown or Outcome.Running || end.Flags.Contains(JournalFlags.Unknown)) && tasks.TryGetValue(end.Task!, out var task) && (task.RunsOnce || task.Operation is { Idempotency: Idempotency.NonIdempotent });
}
