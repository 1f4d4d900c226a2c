namespace Osapi.Orchestrator.Engine;

/// <summary>Which levels have begun and which have ended; for the hooks of levels, and for barriers between them.</summary>
internal sealed class LevelProgress(PlanGraph graph, TaskResult?[] results, HookDelivery hooks)
{
    private readonly bool[] begun = new bool[graph.LevelCount];
    private readonly int[] open = [.. graph.Levels.Select(level => level.Count)];

    /// <summary>A task of the level starts or is decided on; one that is merely cancelled does not begin a level.</summary>
    public void Begin(int level)
    {
        if (begun[level])
            return;
        begun[level] = true;
        hooks.BeforeLevel(level, graph.Levels[level]);
    }

    /// <summary>A task of the level has its result. True when it was the last one.</summary>
    public bool End(int level)
    {
        if (--open[level] > 0)
            return false;
        if (begun[level])
            hooks.AfterLevel(level, Array.AsReadOnly([.. graph.Levels[level].Select(task => results[task.Index]!)]));
        return true;
    }
}
