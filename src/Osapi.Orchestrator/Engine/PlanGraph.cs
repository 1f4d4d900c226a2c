using System.Collections.ObjectModel;

namespace Osapi.Orchestrator.Engine;

/// <summary>The graph of a plan as the engine uses it: indexes instead of tasks, edges in two flat arrays. It is created once and shared by all runs.</summary>
internal sealed class PlanGraph
{
    private readonly int[] dependentStarts;
    private readonly int[] dependents;
    private readonly Dictionary<string, PlanTask> byName;

    public PlanGraph(IReadOnlyList<PlanTask> tasks)
    {
        Tasks = [.. tasks];
        byName = new(tasks.Count, StringComparer.Ordinal);
        foreach (var task in Tasks)
        {
            HasDuplicates |= !byName.TryAdd(task.Name, task);
            HasOperations |= !task.IsFunc;
            HasReactions |= task.RequiresChange;
        }

        (dependentStarts, dependents, WaitsFor) = Edges(Tasks);
        (LevelOf, LevelCount) = Levelled();
    }

    /// <summary>The tasks, in plan order.</summary>
    public PlanTask[] Tasks { get; }

    /// <summary>True when several tasks have one name.</summary>
    public bool HasDuplicates { get; }

    /// <summary>True when a task calls an operation.</summary>
    public bool HasOperations { get; }

    /// <summary>True when a task runs only if a dependency changed something.</summary>
    public bool HasReactions { get; }

    /// <summary>The number of dependencies of each task.</summary>
    public int[] WaitsFor { get; }

    /// <summary>The level of each task; -1 for a task on a cycle or behind one.</summary>
    public int[] LevelOf { get; }

    public int LevelCount { get; }

    /// <summary>The indexes of the tasks level by level, in plan order within a level.</summary>
    public int[] Order => field ??= Ordered();

    public IReadOnlyList<ReadOnlyCollection<PlanTask>> Levels => field ??= GroupedByLevel();

    public ReadOnlySpan<int> DependentsOf(int task) => dependents.AsSpan(dependentStarts[task]..dependentStarts[task + 1]);

    public PlanTask? Find(string name) => byName.GetValueOrDefault(name);

    public bool Has(PlanTask task) => task.Index < Tasks.Length && ReferenceEquals(Tasks[task.Index], task);

    /// <summary>Determines whether <paramref name="of"/> depends on the task, directly or indirectly. Visits only tasks of the levels between the two.</summary>
    public bool IsAncestor(int task, int of)
    {
        if (Tasks[of].DependencyList.Contains(Tasks[task]))
            return true;
        HashSet<int> visited = [];
        Stack<int> pending = new([of]);
        while (pending.TryPop(out var next))
            foreach (var dependency in Tasks[next].DependencyList)
            {
                if (dependency.Index == task)
                    return true;
                if (LevelOf[dependency.Index] > LevelOf[task] && visited.Add(dependency.Index))
                    pending.Push(dependency.Index);
            }

        return false;
    }

    // A dependency outside the plan has no index here; plan validation reports it.
    private static (int[] Starts, int[] Dependents, int[] WaitsFor) Edges(PlanTask[] tasks)
    {
        var starts = new int[tasks.Length + 1];
        var waitsFor = new int[tasks.Length];
        foreach (var task in tasks)
            foreach (var dependency in task.DependencyList)
                if (dependency?.Plan == task.Plan)
                {
                    starts[dependency.Index + 1]++;
                    waitsFor[task.Index]++;
                }

        for (var index = 0; index < tasks.Length; index++)
            starts[index + 1] += starts[index];
        var dependents = new int[starts[^1]];
        var next = starts[..^1];
        // In plan order, so that the dependents of a task are in plan order, too.
        foreach (var task in tasks)
            foreach (var dependency in task.DependencyList)
                if (dependency?.Plan == task.Plan)
                    dependents[next[dependency.Index]++] = task.Index;
        return (starts, dependents, waitsFor);
    }

    private (int[] LevelOf, int Count) Levelled()
    {
        int[] waiting = [.. WaitsFor];
        var levelOf = new int[Tasks.Length];
        // A queue in an array: each task is added once at most.
        var pending = new int[Tasks.Length];
        var (count, added) = (0, 0);
        for (var task = 0; task < waiting.Length; task++)
            if (waiting[task] == 0)
                pending[added++] = task;
            else
                levelOf[task] = -1;
        for (var next = 0; next < added; next++)
        {
            var task = pending[next];
            count = Math.Max(count, levelOf[task] + 1);
            foreach (var dependent in DependentsOf(task))
                if (--waiting[dependent] == 0)
                {
                    // Tasks leave the queue in the order of their levels, so the last dependency is the deepest.
                    levelOf[dependent] = levelOf[task] + 1;
                    pending[added++] = dependent;
                }
        }

        return (levelOf, count);
    }

    // Sorted by counting: a comparison sort would cost more than the rest of the engine.
    private int[] Ordered()
    {
        var starts = new int[LevelCount + 1];
        foreach (var level in LevelOf)
            starts[level + 1]++;
        for (var level = 0; level < LevelCount; level++)
            starts[level + 1] += starts[level];
        var order = new int[Tasks.Length];
        for (var task = 0; task < Tasks.Length; task++)
            order[starts[LevelOf[task]]++] = task;
        return order;
    }

    private ReadOnlyCollection<PlanTask>[] GroupedByLevel()
    {
        var levels = new List<PlanTask>[LevelCount];
        for (var level = 0; level < LevelCount; level++)
            levels[level] = [];
        foreach (var task in Tasks)
            levels[LevelOf[task.Index]].Add(task);
        return Array.ConvertAll(levels, static level => level.AsReadOnly());
    }
}
