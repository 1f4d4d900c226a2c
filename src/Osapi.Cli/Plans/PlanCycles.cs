using Osapi.Cli.Yaml;

namespace Osapi.Cli.Plans;

/// <summary>Finds cycles in the dependencies of a plan file.</summary>
internal sealed class PlanCycles
{
    private readonly Dictionary<string, TaskEntry> remaining;
    private readonly Dictionary<string, int> waitingFor = [];
    private readonly Dictionary<string, List<string>> dependents = [];

    private PlanCycles(IReadOnlyList<TaskEntry> entries)
    {
        remaining = entries.DistinctBy(entry => entry.Name).ToDictionary(entry => entry.Name);
        foreach (var entry in remaining.Values)
        {
            var known = entry.DependsOn.Where(dependency => remaining.ContainsKey(dependency.Name)).ToList();
            waitingFor[entry.Name] = known.Count;
            foreach (var (name, _) in known)
                if (!dependents.TryAdd(name, [entry.Name]))
                    dependents[name].Add(entry.Name);
        }
    }

    /// <summary>Adds a problem for each cycle. Tasks that only depend on a cycle are not reported; of cycles that share a task, one is.</summary>
    public static void Check(IReadOnlyList<TaskEntry> entries, List<FileProblem> problems)
    {
        // Tasks that can run are removed; each remaining task is on a cycle or depends on one.
        PlanCycles search = new(entries);
        search.RemoveRunnable(search.remaining.Keys.Where(name => search.waitingFor[name] == 0));
        foreach (var entry in entries)
            while (search.remaining.ContainsKey(entry.Name))
            {
                var cycle = search.Walk(entry.Name);
                problems.Add(FileProblem.At(search.remaining[cycle[0]].NameMark, $"cycle: {string.Join(" -> ", cycle.Append(cycle[0]))}"));
                search.RemoveRunnable(cycle);
            }
    }

    private void RemoveRunnable(IEnumerable<string> names)
    {
        Queue<string> ready = new(names);
        while (ready.TryDequeue(out var name))
            if (remaining.Remove(name))
                foreach (var dependent in dependents.GetValueOrDefault(name) ?? [])
                    if (--waitingFor[dependent] == 0)
                        ready.Enqueue(dependent);
    }

    // Each remaining task depends on another remaining one, so the walk returns to a task that it has visited.
    private List<string> Walk(string name)
    {
        List<string> path = [];
        Dictionary<string, int> steps = [];
        while (steps.TryAdd(name, path.Count))
        {
            path.Add(name);
            name = remaining[name].DependsOn.First(dependency => remaining.ContainsKey(dependency.Name)).Name;
        }

        var cycle = path[steps[name]..];
        // The cycle starts with the task that comes first in the file.
        var first = cycle.IndexOf(cycle.MinBy(step => remaining[step].NameMark.Index)!);
        return [.. cycle[first..], .. cycle[..first]];
    }
}
