using Osapi.Operations;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Osapi.Cli.Plans;

/// <summary>Reads a plan file, and tells every mistake in it at once, each where it stands.</summary>
internal sealed class PlanFileReader(OperationCatalog catalog)
{
    private static readonly IReadOnlyList<string> Keys = ["name", "tasks"];
    private readonly List<PlanProblem> problems = [];

    /// <summary>The plan; null when there are problems.</summary>
    public (PlanFile? Plan, IReadOnlyList<PlanProblem> Problems) Read(YamlDocument? document)
    {
        if (document?.Root is not YamlMappingNode root)
            return (null, [new(document?.Root.Start.Line ?? 1, document?.Root.Start.Column ?? 1, "a plan file is a mapping with 'name' and 'tasks'")]);

        YamlFields fields = new(root, Keys, problems);
        var name = fields.Text("name", required: true);
        List<TaskEntry> entries = [];
        if (fields.Find("tasks") is not { } tasks)
            problems.Add(new(root.Start.Line, root.Start.Column, "'tasks' is required"));
        else if (tasks is not YamlSequenceNode { Children.Count: > 0 } list)
            problems.Add(At(tasks.Start, "'tasks' must be a list with at least one task"));
        else
            entries.AddRange(list.Children.Select(node => new TaskReader(catalog, problems).Read(node)).OfType<TaskEntry>());

        CheckNames(entries);
        PlanCycles.Check(entries, problems);
        return problems.Count == 0
            ? (new(name!, [.. entries.Select(entry => entry.Task!)]), [])
            : (null, [.. problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)]);
    }

    private void CheckNames(List<TaskEntry> entries)
    {
        HashSet<string> names = [];
        foreach (var entry in entries.Where(entry => entry.Name.Length > 0))
            if (!names.Add(entry.Name))
                problems.Add(At(entry.NameMark, $"there is another task '{entry.Name}'; each needs a name of its own"));
        foreach (var (dependency, mark) in entries.SelectMany(entry => entry.DependsOn))
            if (!names.Contains(dependency))
                problems.Add(At(mark, $"depends_on: there is no task '{dependency}'{NearName.Hint(dependency, names)}"));
    }

    private static PlanProblem At(Mark mark, string message) => new(mark.Line, mark.Column, message);
}

/// <summary>A task that was read, right or not.</summary>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="NameMark">Where the name stands.</param>
/// <param name="DependsOn">What it waits for, and where each name stands.</param>
/// <param name="Task">The task; null when something is wrong with it.</param>
internal sealed record TaskEntry(string Name, Mark NameMark, IReadOnlyList<(string Name, Mark Mark)> DependsOn, PlanFileTask? Task);
