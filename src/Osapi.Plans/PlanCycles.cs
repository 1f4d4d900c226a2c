using Osapi.Orchestrator.Engine;
using Osapi.Plans.Yaml;

namespace Osapi.Plans;

/// <summary>Reports the cycles in the dependencies of a plan file with the positions of their tasks.</summary>
internal static class PlanCycles
{
    /// <summary>Adds a problem for each cycle. Tasks that only depend on a cycle are not reported; of cycles that share a task, one is.</summary>
    public static void Check(IReadOnlyList<TaskEntry> entries, List<FileProblem> problems)
    {
        var byName = entries.DistinctBy(entry => entry.Name).ToDictionary(entry => entry.Name);
        foreach (var cycle in CycleSearch.Cycles(byName.Keys, name => byName[name].DependsOn.Select(dependency => dependency.Name).Where(byName.ContainsKey)))
        {
            // The cycle starts with the task that comes first in the file.
            var first = cycle.MinBy(name => byName[name].NameMark.Index)!;
            var names = cycle.SkipWhile(name => name != first).Concat(cycle.TakeWhile(name => name != first)).Append(first);
            problems.Add(FileProblem.At(byName[first].NameMark, $"cycle: {string.Join(" -> ", names)}"));
        }
    }

    /// <summary>Adds a problem for each cycle to the file of its first task; true when there is one.</summary>
    public static bool Check(IReadOnlyList<(TaskHead Head, IReadOnlyList<string> DependsOn)> tasks)
    {
        var byName = tasks.DistinctBy(task => task.Head.Draft.Name).ToDictionary(task => task.Head.Draft.Name);
        var order = byName.Keys.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);
        var isCyclic = false;
        foreach (var cycle in CycleSearch.Cycles(byName.Keys, name => byName[name].DependsOn.Where(byName.ContainsKey)))
        {
            isCyclic = true;
            var first = cycle.MinBy(name => order[name])!;
            var names = cycle.SkipWhile(name => name != first).Concat(cycle.TakeWhile(name => name != first)).Append(first);
            byName[first].Head.Draft.Scope.Problems.Add(FileProblem.At(byName[first].Head.NameMark, $"cycle: {string.Join(" -> ", names)}"));
        }

        return isCyclic;
    }
}
