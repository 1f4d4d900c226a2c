namespace Osapi.Orchestrator;

/// <summary>A level that has ended.</summary>
/// <param name="Level">The number of the level, from 0.</param>
/// <param name="Results">The results of the tasks, in plan order.</param>
public sealed record LevelEnd(int Level, IReadOnlyList<TaskResult> Results);
