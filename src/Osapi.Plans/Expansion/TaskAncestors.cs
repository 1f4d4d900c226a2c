using System.Collections;

namespace Osapi.Plans.Expansion;

/// <summary>The direct and indirect dependencies of each task. A plan of 10,000 tasks needs 12 MiB and no search for each question.</summary>
internal sealed class TaskAncestors
{
    private readonly Dictionary<string, int> indexes = [];
    private readonly BitArray?[] ancestors;
    private readonly IReadOnlyList<int>[] dependencies;

    /// <summary>Creates the sets of tasks without cycles.</summary>
    public TaskAncestors(IReadOnlyList<(string Name, IReadOnlyList<string> DependsOn)> tasks)
    {
        foreach (var (name, _) in tasks)
            indexes.TryAdd(name, indexes.Count);
        ancestors = new BitArray?[indexes.Count];
        dependencies = new IReadOnlyList<int>[indexes.Count];
        Array.Fill(dependencies, []);
        foreach (var (name, dependsOn) in tasks)
            dependencies[indexes[name]] = [.. dependsOn.Where(indexes.ContainsKey).Select(dependency => indexes[dependency])];
    }

    public bool Contains(string task, string ancestor) =>
        indexes.TryGetValue(ancestor, out var index) && indexes.TryGetValue(task, out var of) && Of(of)[index];

    private BitArray Of(int task)
    {
        Stack<int> pending = new([task]);
        while (pending.TryPeek(out var next))
        {
            var missing = dependencies[next].Where(dependency => ancestors[dependency] is null).ToList();
            if (ancestors[next] is null && missing.Count > 0)
            {
                missing.ForEach(pending.Push);
                continue;
            }

            pending.Pop();
            if (ancestors[next] is not null)
                continue;
            BitArray all = new(ancestors.Length);
            foreach (var dependency in dependencies[next])
            {
                all.Or(ancestors[dependency]!);
                all[dependency] = true;
            }

            ancestors[next] = all;
        }

        return ancestors[task]!;
    }
}
