namespace Osapi.Orchestrator;

/// <summary>A level that has ended.</summary>
/// <param name="Level">Its number, from 0.</param>
/// <param name="Results">The results of its tasks, in plan order.</param>
public sealed record LevelEnd(int Level, IReadOnlyList<TaskResult> Results);
