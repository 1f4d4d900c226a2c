namespace Osapi.Orchestrator;

/// <summary>A level that begins.</summary>
/// <param name="Level">Its number, from 0.</param>
/// <param name="Tasks">Its tasks, in plan order.</param>
/// <param name="Parallel">True when there are several.</param>
public sealed record LevelStart(int Level, IReadOnlyList<PlanTask> Tasks, bool Parallel);
