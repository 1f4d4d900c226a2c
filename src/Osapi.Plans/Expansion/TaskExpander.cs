using Osapi.Plans.Yaml;
using YamlDotNet.Core;

namespace Osapi.Plans.Expansion;

/// <summary>Expands the tasks of a file: loops, blocks and included files become plain tasks with full names.</summary>
internal sealed class TaskExpander(PlanInputs inputs)
{
    private const int MaxTasks = 10_000;

    private static readonly IReadOnlyList<string> BlockKeys = ["block", "target", "when", "on_error", "depends_on", "tags", "tasks", "always"];
    private readonly List<TaskDraft> drafts = [];
    private readonly IncludeReader includes = new(inputs);
    private bool isFull;

    /// <summary>The scopes of the files that were read, the plan file first.</summary>
    public List<PlanScope> Scopes { get; } = [];

    /// <summary>Returns the tasks of a plan file, in order.</summary>
    public IReadOnlyList<TaskDraft> Expand(YamlNode? tasks, YamlMapping file, PlanScope scope)
    {
        Scopes.Add(scope);
        Read(tasks, "tasks", file.Start, scope, [], collected: []);
        return drafts;
    }

    private void Read(YamlNode? node, string key, Mark around, PlanScope scope, IReadOnlyList<Enclosure> enclosures, IReadOnlyList<TaskGroup> collected)
    {
        if (node is null)
            scope.Problems.Add(FileProblem.At(around, $"'{key}' is required"));
        else if (node is not YamlList { Items.Count: > 0 } list)
            scope.Problems.Add(FileProblem.At(node.Start, $"'{key}' must be a list with at least one task"));
        else
            foreach (var item in list.Items)
                if (item is not YamlMapping mapping)
                    scope.Problems.Add(FileProblem.At(item.Start, $"a task is a mapping with {string.Join(", ", TaskHeadReader.Keys)}; or it is a block or an include"));
                else if (mapping.Find("block") is not null)
                    ReadBlock(ExtensionMembers.Without(mapping), scope, enclosures, collected);
                else if (mapping.Find("include") is not null)
                    ReadInclude(ExtensionMembers.Without(mapping), scope, enclosures, collected);
                else
                    ReadTask(ExtensionMembers.Without(mapping), scope, enclosures, collected);
    }

    private void ReadTask(YamlMapping node, PlanScope scope, IReadOnlyList<Enclosure> enclosures, IReadOnlyList<TaskGroup> collected)
    {
        var name = (node.Find("name") as YamlScalar)?.Text ?? "";
        if (node.Find("for_each") is not { } loop)
        {
            Register(new(name, GroupKind.Task), node, scope);
            Add(new(scope.Prefix + name, node, scope, Each: null, enclosures), name, scope, collected);
            return;
        }

        LoopReader reader = new(scope, inputs);
        if (reader.FindRunLoop(loop) is { } source)
        {
            Register(new(name, GroupKind.Task), node, scope);
            Add(new(scope.Prefix + name, node, scope, EachItem.OfRun(), enclosures) { Loop = source }, name, scope, collected);
            return;
        }

        TaskGroup group = new(name, GroupKind.Loop);
        Register(group, node, scope);
        var before = scope.Problems.Count;
        var items = reader.Read(loop);
        if (scope.Problems.Count > before)
        {
            // For the mistakes in the rest of the task.
            scope.Ambiguous.Add(name);
            Add(new(scope.Prefix + name, node, scope, EachItem.Unknown(), enclosures), name, scope, [.. collected, group]);
            return;
        }

        foreach (var item in items)
        {
            var local = $"{name}[{item.Key}]";
            TaskDraft draft = new(scope.Prefix + local, node, scope, item, enclosures);
            group.Items.TryAdd(item.Key, draft);
            Register(new(local, GroupKind.Task), node, scope);
            Add(draft, local, scope, [.. collected, group]);
        }
    }

    private void ReadBlock(YamlMapping node, PlanScope scope, IReadOnlyList<Enclosure> enclosures, IReadOnlyList<TaskGroup> collected)
    {
        YamlFields fields = new(node, BlockKeys, scope.Problems);
        TaskGroup group = new(fields.Name("block") ?? "", GroupKind.Block);
        TaskGroup body = new(group.Name, GroupKind.Block);
        Register(group, node, scope);
        Read(fields.Find("tasks"), "tasks", node.Start, scope, [.. enclosures, new(node, scope, Each: null, CleansUp: null)], [.. collected, group, body]);
        if (fields.Find("always") is { } always)
            Read(always, "always", node.Start, scope, [.. enclosures, new(node, scope, Each: null, body)], [.. collected, group]);
    }

    private void ReadInclude(YamlMapping node, PlanScope scope, IReadOnlyList<Enclosure> enclosures, IReadOnlyList<TaskGroup> collected)
    {
        if (includes.Read(node, scope) is not { } include)
            return;
        TaskGroup group = new(include.Name, include.Items is null ? GroupKind.Include : GroupKind.Loop);
        Register(group, node, scope);
        foreach (var item in include.Items ?? [null!])
        {
            var local = item is null ? include.Name : $"{include.Name}[{item.Key}]";
            if (isFull || includes.Open(include, node, scope, local, item) is not { } opened)
                continue;
            Scopes.Add(opened.Scope);
            TaskGroup one = new(local, GroupKind.Include);
            if (item is not null)
                Register(one, node, scope);
            Read(opened.Tasks, "tasks", opened.File.Start, opened.Scope, [.. enclosures, new(node, scope, item, CleansUp: null)], [.. collected, group, .. item is null ? (TaskGroup[])[] : [one]]);
            foreach (var (name, inner) in opened.Scope.Groups)
                scope.Add(inner, $"{local}/{name}", node.Start);
        }
    }

    private static void Register(TaskGroup group, YamlMapping node, PlanScope scope)
    {
        if (group.Name.Length == 0)
            return;
        var mark = (node.Find("name") ?? node.Find("block") ?? node.Find("include") ?? node).Start;
        if (scope.Add(group, group.Name, mark) is { } first)
            scope.Problems.Add(FileProblem.At(mark, $"there is another task '{group.Name}'; names must be unique (first in line {first.Line})"));
    }

    private void Add(TaskDraft draft, string local, PlanScope scope, IReadOnlyList<TaskGroup> collected)
    {
        if (isFull)
            return;
        if (drafts.Count == MaxTasks)
        {
            isFull = true;
            scope.Problems.Add(FileProblem.At(draft.Node.Start, $"the plan has more than {MaxTasks} tasks, loops and included files expanded"));
            return;
        }

        drafts.Add(draft);
        if (scope.Groups.TryGetValue(local, out var own) && own.Tasks.Count == 0)
            own.Tasks.Add(draft);
        foreach (var group in collected)
            group.Tasks.Add(draft);
    }
}
