using Osapi.Operations;
using Osapi.Plans.Yaml;
using YamlDotNet.Core;

namespace Osapi.Plans;

/// <summary>Reads a plan file and reports all problems at once, each with its position.</summary>
internal sealed class PlanFileReader(OperationCatalog catalog)
{
    // Each suggestion compares a name with all others; more suggestions than this are not worth the time.
    private const int MaxHints = 100;

    private static readonly IReadOnlyList<string> Keys = ["name", "on_error", "max_parallelism", "deadline", "flow", "tasks"];
    private readonly List<FileProblem> problems = [];

    /// <summary>Returns the plan, or null and all problems, including those of the YAML itself.</summary>
    public static (PlanFile? Plan, IReadOnlyList<FileProblem> Problems) Read(YamlNode? root, IReadOnlyList<FileProblem> yamlProblems, OperationCatalog catalog, PlanInputs? inputs = null)
    {
        if (root is YamlMapping mapping && mapping.Find("version") is { } version)
            return ReadVersion(mapping, version, yamlProblems, catalog, inputs ?? new());
        PlanFileReader reader = new(catalog);
        reader.problems.AddRange(yamlProblems);
        var plan = root is null && yamlProblems.Count > 0 ? null : reader.Read(root);
        return reader.problems.Count == 0
            ? (plan, [])
            : (null, [.. reader.problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)]);
    }

    private static (PlanFile? Plan, IReadOnlyList<FileProblem> Problems) ReadVersion(
        YamlMapping root, YamlNode version, IReadOnlyList<FileProblem> yamlProblems, OperationCatalog catalog, PlanInputs inputs)
    {
        if (version is not YamlScalar { Text: "1" })
            return (null, [.. yamlProblems, FileProblem.At(version.Start, "'version' must be 1; a file without it has no expressions")]);
        var (plan, problems) = new PlanDocumentReader(catalog, inputs).Read(root);
        return yamlProblems.Count == 0 ? (plan, problems) : (null, [.. yamlProblems.Concat(problems).OrderBy(problem => problem.File is not null).ThenBy(problem => problem.Line).ThenBy(problem => problem.Column)]);
    }

    private PlanFile? Read(YamlNode? node)
    {
        if (node is not YamlMapping root)
        {
            problems.Add(new(node?.Start.Line ?? 1, node?.Start.Column ?? 1, "a plan file is a mapping with 'name' and 'tasks'"));
            return null;
        }

        YamlFields fields = new(root, Keys, problems, PlanDocumentReader.Keys);
        var name = fields.Name("name");
        List<TaskEntry> entries = [];
        if (fields.Find("tasks") is not { } tasks)
            problems.Add(FileProblem.At(root.Start, "'tasks' is required"));
        else if (tasks is not YamlList { Items.Count: > 0 } list)
            problems.Add(FileProblem.At(tasks.Start, "'tasks' must be a list with at least one task"));
        else
            entries.AddRange(list.Items.Select(item => new TaskReader(catalog, problems).Read(item)).OfType<TaskEntry>());

        ModifierReader modifiers = new(problems);
        var onError = modifiers.Strategy(fields);
        var maxParallelism = modifiers.Number(fields, "max_parallelism");
        var deadline = modifiers.Time(fields, "deadline");
        var flow = modifiers.Flow(fields);
        CheckNames(entries);
        PlanCycles.Check(entries, problems);
        return problems.Count == 0 ? new(name!, [.. entries.Select(entry => entry.Task!)], onError, maxParallelism, deadline, flow) : null;
    }

    private void CheckNames(List<TaskEntry> entries)
    {
        Dictionary<string, Mark> names = [];
        foreach (var entry in entries.Where(entry => entry.Name.Length > 0))
            if (!names.TryAdd(entry.Name, entry.NameMark))
                problems.Add(FileProblem.At(entry.NameMark, $"there is another task '{entry.Name}'; names must be unique (first in line {names[entry.Name].Line})"));
        foreach (var (dependency, mark) in entries.SelectMany(entry => entry.DependsOn))
            if (!names.ContainsKey(dependency))
                problems.Add(FileProblem.At(mark, $"depends_on: there is no task '{dependency}'{(problems.Count < MaxHints ? Suggestions.Hint(dependency, names.Keys) : "")}"));
        foreach (var entry in entries.Where(entry => entry.Reads.Count > 0))
            CheckReads(entry, entries);
    }

    // It is not determined whether a task that is no dependency has already ended.
    private void CheckReads(TaskEntry reader, List<TaskEntry> entries)
    {
        var byName = entries.DistinctBy(entry => entry.Name).ToDictionary(entry => entry.Name);
        var ancestors = Ancestors(reader, byName);
        foreach (var (key, name, mark) in reader.Reads)
            if (!ancestors.Contains(name))
                problems.Add(FileProblem.At(mark, name == reader.Name
                    ? $"{key}: '{name}' is this task itself"
                    : byName.ContainsKey(name)
                    ? $"{key}: '{reader.Name}' does not depend on '{name}': add it to 'depends_on'"
                    : $"{key}: there is no task '{name}'{(problems.Count < MaxHints ? HintOf(reader, name, ancestors, byName) : "")}"));
            else if (key == "same_as" && byName[name].Task is { Operation.RunsOn: RunsOn.Controller })
                problems.Add(FileProblem.At(mark, $"same_as: '{name}' does not run on hosts"));
    }

    // A task that could be read as it is comes first.
    private static string HintOf(TaskEntry reader, string name, HashSet<string> ancestors, Dictionary<string, TaskEntry> byName) =>
        Suggestions.Hint(name, ancestors) is { Length: > 0 } hint ? hint : Suggestions.Hint(name, byName.Keys.Where(other => other != reader.Name));

    private static HashSet<string> Ancestors(TaskEntry entry, Dictionary<string, TaskEntry> byName)
    {
        HashSet<string> ancestors = [];
        Stack<TaskEntry> pending = new([entry]);
        while (pending.TryPop(out var next))
            foreach (var (name, _) in next.DependsOn)
                if (byName.TryGetValue(name, out var dependency) && ancestors.Add(name))
                    pending.Push(dependency);
        return ancestors;
    }
}

/// <summary>A task of the file, valid or not.</summary>
/// <param name="Name">The name; empty when it is missing.</param>
/// <param name="NameMark">The position of the name.</param>
/// <param name="DependsOn">The dependencies, with the position of each name.</param>
/// <param name="Reads">The tasks that its conditions and its target refer to, each with its key and position.</param>
/// <param name="Task">The task; null when it has problems.</param>
internal sealed record TaskEntry(
    string Name, Mark NameMark, IReadOnlyList<(string Name, Mark Mark)> DependsOn, IReadOnlyList<(string Key, string Name, Mark Mark)> Reads, PlanFileTask? Task);
