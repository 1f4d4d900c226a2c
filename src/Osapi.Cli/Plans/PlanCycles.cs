namespace Osapi.Cli.Plans;

/// <summary>Finds tasks of a plan file that wait for each other.</summary>
internal static class PlanCycles
{
    public static void Check(IReadOnlyList<TaskEntry> entries, List<PlanProblem> problems)
    {
        // Whatever can run is taken away until nothing more can; each task that is left is on a cycle or behind one.
        var left = entries.DistinctBy(entry => entry.Name).ToDictionary(entry => entry.Name);
        TakeFree(left);
        while (left.Count > 0)
        {
            var cycle = Walk(left);
            var first = left[cycle[0]];
            problems.Add(new(first.NameMark.Line, first.NameMark.Column, $"cycle: {string.Join(" -> ", cycle.Append(cycle[0]))}"));
            // One report a cycle: what is only behind it is not named again.
            foreach (var name in cycle)
                left.Remove(name);
            TakeFree(left);
        }
    }

    private static void TakeFree(Dictionary<string, TaskEntry> left)
    {
        while (left.Values.Where(entry => !entry.DependsOn.Any(dependency => left.ContainsKey(dependency.Name))).ToList() is { Count: > 0 } free)
            foreach (var entry in free)
                left.Remove(entry.Name);
    }

    // Each task that is left waits for another one that is left, so the walk comes back to where it has been.
    private static List<string> Walk(Dictionary<string, TaskEntry> left)
    {
        List<string> path = [];
        for (var name = left.Keys.First(); ; name = left[name].DependsOn.First(dependency => left.ContainsKey(dependency.Name)).Name)
        {
            if (path.IndexOf(name) is >= 0 and var back)
                return path[back..];
            path.Add(name);
        }
    }
}
