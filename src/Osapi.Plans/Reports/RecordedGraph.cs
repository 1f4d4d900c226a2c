using Osapi.Operations.Runs;

namespace Osapi.Plans.Reports;

/// <summary>The graph of a past run from the tasks of its record.</summary>
/// <remarks>A record is not trusted: names that are none of its tasks, and circles, are left out.</remarks>
internal sealed class RecordedGraph
{
    private readonly Dictionary<string, int> levels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> dependencies = new(StringComparer.Ordinal);

    public RecordedGraph(IReadOnlyList<RunTask> tasks)
    {
        var names = tasks.Select(task => task.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var task in tasks)
            dependencies[task.Name] = [.. (task.DependsOn ?? task.ReactsTo).Where(names.Contains).Distinct()];
        SetLevels();
    }

    /// <summary>Returns the names of the tasks after which a task runs.</summary>
    public IReadOnlyList<string> DependenciesOf(string task) => dependencies.GetValueOrDefault(task) ?? [];

    /// <summary>Returns the level of a task, from 0.</summary>
    public int LevelOf(string task) => levels.GetValueOrDefault(task);

    /// <summary>Returns the chain of tasks that ended last, each the dependency of the next that ended last.</summary>
    /// <param name="endOf">Returns the time of a task's end in milliseconds; null for one that did not run.</param>
    public IReadOnlyList<string> LongestChain(Func<string, double?> endOf)
    {
        List<string> chain = [];
        for (var task = LastOf(dependencies.Keys); task is not null && chain.Count < dependencies.Count; task = LastOf(DependenciesOf(task).Where(other => LevelOf(other) < LevelOf(task))))
            chain.Add(task);
        chain.Reverse();
        return chain;

        string? LastOf(IEnumerable<string> names) => names.Where(name => endOf(name) is not null).MaxBy(name => endOf(name));
    }

    // A task is a level below the lowest of its dependencies; those in a circle stay at the top.
    private void SetLevels()
    {
        var waitsFor = dependencies.ToDictionary(task => task.Key, task => task.Value.Count, StringComparer.Ordinal);
        var dependents = dependencies.SelectMany(task => task.Value, (task, other) => (task.Key, Of: other)).ToLookup(pair => pair.Of, pair => pair.Key, StringComparer.Ordinal);
        Queue<string> ready = new(waitsFor.Where(task => task.Value == 0).Select(task => task.Key));
        while (ready.TryDequeue(out var task))
            foreach (var dependent in dependents[task])
            {
                levels[dependent] = Math.Max(levels.GetValueOrDefault(dependent), levels.GetValueOrDefault(task) + 1);
                if (--waitsFor[dependent] == 0)
                    ready.Enqueue(dependent);
            }

        foreach (var task in waitsFor.Where(task => task.Value > 0))
            levels[task.Key] = 0;
    }
}
