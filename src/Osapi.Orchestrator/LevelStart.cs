namespace Osapi.Orchestrator;

/// <summary>A level that begins.</summary>
/// <param name="Level">The number of the level, from 0.</param>
/// <param name="Tasks">The tasks, in plan order.</param>
/// <param name="Parallel">True when the level has several tasks.</param>
public sealed record LevelStart(int Level, IReadOnlyList<PlanTask> Tasks, bool Parallel);
