namespace Osapi.Orchestrator.Engine;

/// <summary>Tracks which levels have begun and ended, for the hooks of levels and for barriers between levels.</summary>
internal sealed class LevelProgress(PlanGraph graph, TaskResult?[] results, HookDelivery hooks)
{
    private readonly bool[] begun = new bool[graph.LevelCount];
    private readonly int[] pending = [.. graph.Levels.Select(level => level.Count)];

    /// <summary>Records that a task of the level starts or is skipped or failed; a task that is only cancelled does not begin a level.</summary>
    public void Begin(int level)
    {
        if (begun[level])
            return;
        begun[level] = true;
        hooks.BeforeLevel(level, graph.Levels[level]);
    }

    /// <summary>Records that a task of the level has ended. Returns true when it was the last one.</summary>
    public bool End(int level)
    {
        if (--pending[level] > 0)
            return false;
        if (begun[level])
            hooks.AfterLevel(level, Array.AsReadOnly([.. graph.Levels[level].Select(task => results[task.Index]!)]));
        return true;
    }
}
