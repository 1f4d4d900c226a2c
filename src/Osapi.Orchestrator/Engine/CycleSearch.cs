namespace Osapi.Orchestrator.Engine;

/// <summary>Finds cycles, each with its whole path, without recursion and in time linear in tasks and edges.</summary>
internal static class CycleSearch
{
    /// <summary>Cycles that have no task in common; each task of one depends on the next, and the last on the first.</summary>
    public static IEnumerable<IReadOnlyList<PlanTask>> Cycles(PlanGraph graph)
    {
        var seen = new bool[graph.Tasks.Length];
        foreach (var task in graph.Tasks)
        {
            if (graph.LevelOf[task.Index] >= 0 || seen[task.Index])
                continue;

            // A task without a level has a dependency without one, so the walk cannot end before it meets a task again.
            List<PlanTask> path = [];
            Dictionary<PlanTask, int> places = [];
            var next = task;
            while (!seen[next.Index])
            {
                seen[next.Index] = true;
                places[next] = path.Count;
                path.Add(next);
                next = next.DependencyList.First(dependency => dependency?.Plan == task.Plan && graph.LevelOf[dependency.Index] < 0);
            }

            // Otherwise the walk met an earlier one, whose cycle is known.
            if (places.TryGetValue(next, out var start))
                yield return path[start..];
        }
    }
}
