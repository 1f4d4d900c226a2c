namespace Osapi.Orchestrator;

/// <summary>A summary of a plan.</summary>
/// <param name="TotalTasks">The number of tasks.</param>
/// <param name="Steps">The levels, first to last.</param>
public sealed record PlanSummary(int TotalTasks, IReadOnlyList<PlanStep> Steps);

/// <summary>One level of a plan.</summary>
/// <param name="Tasks">The names of the tasks, in plan order.</param>
/// <param name="Parallel">True when the level has several tasks.</param>
public sealed record PlanStep(IReadOnlyList<string> Tasks, bool Parallel);
