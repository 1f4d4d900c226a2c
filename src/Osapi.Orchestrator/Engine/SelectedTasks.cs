using System.IO.Enumeration;
using Osapi.Operations;

namespace Osapi.Orchestrator.Engine;

/// <summary>The tasks of a plan that a run is about.</summary>
internal static class SelectedTasks
{
    /// <summary>Returns for each task, by its index, true when it is selected; null when all are.</summary>
    public static bool[]? Of(PlanGraph graph, PlanSelection? selection)
    {
        if (selection is null or { Only.Count: 0, Skip.Count: 0, Tags.Count: 0, SkipTags.Count: 0, StartAt: null })
            return null;
        var before = selection.StartAt is null ? null : Before(graph, selection.StartAt);
        return Array.ConvertAll(graph.Tasks, task =>
            (selection.Only.Count == 0 || selection.Only.Any(name => Names(name, task)))
            && (selection.Tags.Count == 0 || task.Tags.Any(selection.Tags.Contains))
            && !selection.Skip.Any(name => Names(name, task))
            && !task.Tags.Any(selection.SkipTags.Contains)
            && before?[task.Index] != true);
    }

    /// <summary>Returns the problems of a selection: the option, and a text about it.</summary>
    public static IReadOnlyList<(string Option, string Text)> Problems(PlanGraph graph, PlanSelection? selection)
    {
        if (selection is null)
            return [];
        List<(string, string)> problems = [];
        foreach (var (option, names) in ((string, IEnumerable<string>)[])[("only", selection.Only), ("skip", selection.Skip), ("start-at", selection.StartAt is null ? [] : [selection.StartAt])])
            foreach (var name in names)
                if (!graph.Tasks.Any(task => Names(name, task)))
                    problems.Add((option, $"there is no task '{ControlCharacters.Escape(name)}'{Suggestions.Hint(name, graph.Tasks.Select(task => task.Name).Concat(Groups(graph)))}"));
        var tags = graph.Tasks.SelectMany(task => task.Tags).Distinct().ToList();
        foreach (var (option, names) in ((string, IEnumerable<string>)[])[("tags", selection.Tags), ("skip-tags", selection.SkipTags)])
            foreach (var name in names.Except(tags))
                problems.Add((option, $"no task has the tag '{ControlCharacters.Escape(name)}'{Suggestions.Hint(name, tags)}"));
        if (selection.Limit is { Kind: TargetKind.Any })
            problems.Add(("limit", "_any names no hosts: a limit is _all, a host, a list of hosts or a label"));
        return problems;
    }

    // Those that the task needs, and those that stand before it in the plan, unless they need it.
    private static bool[] Before(PlanGraph graph, string name)
    {
        var before = new bool[graph.Tasks.Length];
        if (graph.Tasks.FirstOrDefault(task => Names(name, task)) is not { } first)
            return before;
        var after = Reached(first.Index, task => [.. graph.DependentsOf(task)]);
        var needed = Reached(first.Index, task => graph.Tasks[task].DependencyList.Select(dependency => dependency.Index));
        for (var task = 0; task < before.Length; task++)
            before[task] = task != first.Index && (needed.Contains(task) || (task < first.Index && !after.Contains(task)));
        return before;
    }

    private static HashSet<int> Reached(int task, Func<int, IEnumerable<int>> edges)
    {
        HashSet<int> reached = [];
        Stack<int> pending = new([task]);
        while (pending.TryPop(out var next))
            foreach (var edge in edges(next))
                if (reached.Add(edge))
                    pending.Push(edge);
        return reached;
    }

    private static bool Names(string name, PlanTask task)
    {
        if (name.Contains('*', StringComparison.Ordinal))
            return FileSystemName.MatchesSimpleExpression(name.Replace("?", @"\?", StringComparison.Ordinal), task.Name, ignoreCase: false);
        return task.Name.StartsWith(name, StringComparison.Ordinal) && (task.Name.Length == name.Length || (name.Length > 0 && task.Name[name.Length] is '[' or '/'));
    }

    private static IEnumerable<string> Groups(PlanGraph graph) =>
        graph.Tasks.Select(task => task.Name).Where(name => name.IndexOfAny(['[', '/']) > 0).Select(name => name[..name.IndexOfAny(['[', '/'])]).Distinct();
}
