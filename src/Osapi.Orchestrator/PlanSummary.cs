namespace Osapi.Orchestrator;

/// <summary>A plan at a glance.</summary>
/// <param name="TotalTasks">How many tasks it has.</param>
/// <param name="Steps">Its levels, first to last.</param>
public sealed record PlanSummary(int TotalTasks, IReadOnlyList<PlanStep> Steps);

/// <summary>One level of a plan.</summary>
/// <param name="Tasks">The names of its tasks, in plan order.</param>
/// <param name="Parallel">True when there are several.</param>
public sealed record PlanStep(IReadOnlyList<string> Tasks, bool Parallel);
