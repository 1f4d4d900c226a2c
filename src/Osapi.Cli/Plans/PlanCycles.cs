using Osapi.Cli.Yaml;

namespace Osapi.Cli.Plans;

/// <summary>Finds tasks of a plan file that wait for each other.</summary>
internal sealed class PlanCycles
{
    private readonly Dictionary<string, TaskEntry> left;
    private readonly Dictionary<string, int> waitingFor = [];
    private readonly Dictionary<string, List<string>> dependents = [];

    private PlanCycles(IReadOnlyList<TaskEntry> entries)
    {
        left = entries.DistinctBy(entry => entry.Name).ToDictionary(entry => entry.Name);
        foreach (var entry in left.Values)
        {
            var known = entry.DependsOn.Where(dependency => left.ContainsKey(dependency.Name)).ToList();
            waitingFor[entry.Name] = known.Count;
            foreach (var (name, _) in known)
                if (!dependents.TryAdd(name, [entry.Name]))
                    dependents[name].Add(entry.Name);
        }
    }

    /// <summary>Adds a problem for each cycle. What is only behind one is not named again; of cycles that share a task, one is.</summary>
    public static void Check(IReadOnlyList<TaskEntry> entries, List<FileProblem> problems)
    {
        // Whatever can run is taken away; each task that is left is on a cycle or behind one.
        PlanCycles search = new(entries);
        search.Take(search.left.Keys.Where(name => search.waitingFor[name] == 0));
        foreach (var entry in entries)
            while (search.left.ContainsKey(entry.Name))
            {
                var cycle = search.Walk(entry.Name);
                problems.Add(FileProblem.At(search.left[cycle[0]].NameMark, $"cycle: {string.Join(" -> ", cycle.Append(cycle[0]))}"));
                search.Take(cycle);
            }
    }

    private void Take(IEnumerable<string> names)
    {
        Queue<string> free = new(names);
        while (free.TryDequeue(out var name))
            if (left.Remove(name))
                foreach (var dependent in dependents.GetValueOrDefault(name) ?? [])
                    if (--waitingFor[dependent] == 0)
                        free.Enqueue(dependent);
    }

    // Each task that is left waits for another one that is left, so the walk comes back to where it has been.
    private List<string> Walk(string name)
    {
        List<string> path = [];
        Dictionary<string, int> steps = [];
        while (steps.TryAdd(name, path.Count))
        {
            path.Add(name);
            name = left[name].DependsOn.First(dependency => left.ContainsKey(dependency.Name)).Name;
        }

        var cycle = path[steps[name]..];
        // Told from the task that stands first in the file.
        var first = cycle.IndexOf(cycle.MinBy(step => left[step].NameMark.Index)!);
        return [.. cycle[first..], .. cycle[..first]];
    }
}
