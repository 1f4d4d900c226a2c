namespace Osapi.Orchestrator.Engine;

/// <summary>Finds cycles, each with its full path, without recursion and in time linear in tasks and edges.</summary>
internal static class CycleSearch
{
    /// <summary>Returns cycles that have no task in common; each task depends on the next, and the last on the first.</summary>
    public static IEnumerable<IReadOnlyList<PlanTask>> Cycles(PlanGraph graph)
    {
        var visited = new bool[graph.Tasks.Length];
        foreach (var task in graph.Tasks)
        {
            if (graph.LevelOf[task.Index] >= 0 || visited[task.Index])
                continue;

            // A task without a level has a dependency without a level, so the walk cannot end before it reaches a task again.
            List<PlanTask> path = [];
            Dictionary<PlanTask, int> positions = [];
            var next = task;
            while (!visited[next.Index])
            {
                visited[next.Index] = true;
                positions[next] = path.Count;
                path.Add(next);
                next = next.DependencyList.First(dependency => dependency?.Plan == task.Plan && graph.LevelOf[dependency.Index] < 0);
            }

            // Otherwise the walk reached a task of an earlier walk, whose cycle is known.
            if (positions.TryGetValue(next, out var start))
                yield return path[start..];
        }
    }
}
