namespace Osapi.Orchestrator.Engine;

/// <summary>Finds cycles, each with its full path, without recursion and in time linear in tasks and dependencies.</summary>
internal static class CycleSearch
{
    private const int Done = -1;

    /// <summary>Returns the cycles of a plan, see <see cref="Cycles{T}"/>.</summary>
    public static IEnumerable<IReadOnlyList<PlanTask>> Cycles(PlanGraph graph) =>
        // A task on a cycle, or one that depends on it, has no level.
        Cycles(
            graph.Tasks.Where(task => graph.LevelOf[task.Index] < 0),
            task => task.DependencyList.Where(dependency => dependency?.Plan == task.Plan && graph.LevelOf[dependency.Index] < 0));

    /// <summary>
    /// Returns cycles that have no task in common; each task depends on the next, and the last on the first. Without their tasks there is
    /// no cycle. Tasks that only depend on a cycle are not returned.
    /// </summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="dependenciesOf">The tasks that a task depends on.</param>
    public static IEnumerable<IReadOnlyList<T>> Cycles<T>(IEnumerable<T> tasks, Func<T, IEnumerable<T>> dependenciesOf)
        where T : notnull
    {
        // The position of a task on the path that is being walked, or Done.
        Dictionary<T, int> positions = [];
        List<(T Task, IEnumerator<T> Dependencies)> path = [];
        foreach (var first in tasks)
        {
            if (!positions.ContainsKey(first))
                Push(first);
            while (path.Count > 0)
            {
                var (_, dependencies) = path[^1];
                if (!dependencies.MoveNext())
                    Pop(path.Count - 1);
                else if (!positions.TryGetValue(dependencies.Current, out var position))
                    Push(dependencies.Current);
                else if (position != Done)
                {
                    yield return [.. path[position..].Select(step => step.Task)];
                    Pop(position);
                }
            }
        }

        void Push(T task)
        {
            positions[task] = path.Count;
            path.Add((task, dependenciesOf(task).GetEnumerator()));
        }

        void Pop(int count)
        {
            foreach (var (task, dependencies) in path[count..])
            {
                positions[task] = Done;
                dependencies.Dispose();
            }

            path.RemoveRange(count, path.Count - count);
        }
    }
}
