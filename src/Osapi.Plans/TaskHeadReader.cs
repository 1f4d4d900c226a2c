using Osapi.Operations;
using Osapi.Orchestrator;
using Osapi.Plans.Conditions;
using Osapi.Plans.Expansion;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;
using YamlDotNet.Core;

namespace Osapi.Plans;

/// <summary>Reads what is known of a task without its expressions: its operation, hosts, dependencies and modifiers.</summary>
internal sealed class TaskHeadReader(OperationCatalog catalog, PlanInputs inputs)
{
    public static IReadOnlyList<string> Keys { get; } =
        ["name", "op", "target", "with", "depends_on", .. ModifierReader.Keys, "changed_when", "failed_when", "start_within", "tags", "confirm", "for_each"];

    // What expressions of the run may stand in, or what was read before.
    private static readonly IReadOnlyList<string> Unresolved = ["name", "with", "when", "changed_when", "failed_when", "for_each"];
    private static readonly TimeSpan MinStart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxStart = TimeSpan.FromHours(1);

    public TaskHead Read(TaskDraft draft)
    {
        var problems = draft.Scope.Problems;
        var before = problems.Count;
        List<TaskDependency> dependencies = [.. Dependencies(draft)];
        ConditionNodes conditions = new(draft);
        var resolved = Resolved(draft, conditions, dependencies.Count > 0);
        var evaluated = problems.Count;
        YamlFields fields = new(resolved, Keys, problems);
        fields.Name("name");
        TaskReader reader = new(catalog, problems);
        var operation = reader.ReadOperation(fields);
        var (target, sameAs) = operation is null ? default : ReadTarget(draft, fields, operation, reader);
        ModifierReader modifierReader = new(problems);
        var (modifiers, reads) = modifierReader.Read(fields);
        if (draft.Enclosures.Any(enclosure => enclosure.CleansUp is not null))
            modifiers = AlwaysIn(draft, modifiers);
        TaskHead head = new(draft, fields.Find("name")?.Start ?? draft.Node.Start, dependencies)
        {
            Operation = operation,
            Target = target,
            SameAs = sameAs,
            Modifiers = modifiers with { OnError = modifiers.OnError ?? EnclosingStrategy(draft), StartWithin = StartWithin(fields, modifierReader, operation, problems) },
            StatusReads = [.. reads.Select(read => new TaskDependency(read.Name, read.Mark, draft.Scope)), .. conditions.ReadEnclosing(out var enclosing)],
            EnclosingConditions = enclosing,
            Conditions = conditions.Expressions,
            ChangedWhen = Condition(draft, "changed_when"),
            FailedWhen = Condition(draft, "failed_when"),
            With = draft.Node.Find("with"),
            Tags = [.. Tags(draft, fields).Distinct()],
            Confirm = fields.Text("confirm", required: false),
        };
        if (evaluated > before)
            RemoveConsequences(draft, problems, evaluated);
        draft.Head = head;
        return head;
    }

    // What could not be evaluated is not a wrong target as well.
    private static void RemoveConsequences(TaskDraft draft, List<FileProblem> problems, int from)
    {
        var unknown = draft.Node.Members.Where(member => YamlValues.HasExpressions(member.Value)).Select(member => ((long)member.Value.Start.Line, (long)member.Value.Start.Column)).ToHashSet();
        for (var index = problems.Count - 1; index >= from; index--)
            if (unknown.Contains((problems[index].Line, problems[index].Column)))
                problems.RemoveAt(index);
    }

    private static IEnumerable<string> Tags(TaskDraft draft, YamlFields fields) =>
        fields.Texts("tags").Select(tag => tag.Text).Concat(draft.Enclosures.SelectMany(enclosure => Texts(enclosure.Node.Find("tags"))));

    private static IEnumerable<string> Texts(YamlNode? node) => node switch
    {
        YamlScalar scalar => [scalar.Text],
        YamlList list => list.Items.OfType<YamlScalar>().Select(item => item.Text),
        _ => [],
    };

    private IEnumerable<TaskDependency> Dependencies(TaskDraft draft)
    {
        foreach (var dependency in Texts(draft.Node, draft.Scope, draft.Each))
            yield return dependency;
        foreach (var enclosure in draft.Enclosures)
            if (enclosure.CleansUp is { } group)
                yield return new(group.Name, enclosure.Node.Start, enclosure.Scope) { Group = group };
            else
                foreach (var dependency in Texts(enclosure.Node, enclosure.Scope, enclosure.Each))
                    yield return dependency;

        IEnumerable<TaskDependency> Texts(YamlMapping node, PlanScope scope, EachItem? each)
        {
            if (node.Find("depends_on") is not { } written)
                return [];
            YamlMapping only = new(written.Start, [(new(written.Start, "depends_on", plain: true), Resolve(written, scope, each, "depends_on"))]);
            return new YamlFields(only, ["depends_on"], scope.Problems).Texts("depends_on").Select(text => new TaskDependency(text.Text, text.Mark, scope));
        }
    }

    // The fields with their expressions evaluated. Conditions that are expressions are left out.
    private YamlMapping Resolved(TaskDraft draft, ConditionNodes conditions, bool dependsOnTasks)
    {
        List<(YamlScalar, YamlNode)> members = [];
        foreach (var (key, value) in draft.Node.Members)
            if (key.Text == "when")
            {
                if (conditions.Own is { } own)
                    members.Add((key, own));
            }
            else
            {
                members.Add((key, Unresolved.Contains(key.Text) ? value : Resolve(value, draft.Scope, draft.Each, key.Text)));
            }

        // So that only_if_changed sees the dependencies of the block.
        if (dependsOnTasks && draft.Node.Find("depends_on") is null)
            members.Add((new(draft.Node.Start, "depends_on", plain: true), new YamlList(draft.Node.Start, [])));
        return new(draft.Node.Start, members);
    }

    private YamlNode Resolve(YamlNode node, PlanScope scope, EachItem? each, string place) =>
        YamlValues.HasExpressions(node) ? KnownValues.Of(scope, inputs, each, place).Resolve(node) : node;

    private (Target? Target, TaskDependency? SameAs) ReadTarget(TaskDraft draft, YamlFields fields, Operation operation, TaskReader reader)
    {
        var scope = draft.Scope;
        if (operation.RunsOn == RunsOn.Host && fields.Find("target") is null && draft.Enclosures.LastOrDefault(enclosure => enclosure.Node.Find("target") is not null) is { } around)
        {
            scope = around.Scope;
            var node = around.Node.Find("target")!;
            fields = new(new(node.Start, [(new(node.Start, "target", plain: true), Resolve(node, scope, around.Each, "target"))]), ["target"], scope.Problems);
            reader = new(catalog, scope.Problems);
        }

        if (operation.RunsOn == RunsOn.Host && reader.ReadSameAs(fields) is { } same)
            return (null, new(same.Name, same.Mark, scope));
        if (operation.RunsOn == RunsOn.Host && fields.Find("target") is null && draft.Misspells("target"))
            return default;
        return (reader.ReadTarget(fields, operation, draft.Node.Start), null);
    }

    private ErrorStrategy? EnclosingStrategy(TaskDraft draft)
    {
        if (draft.Enclosures.LastOrDefault(enclosure => enclosure.Node.Find("on_error") is not null) is not { } around)
            return null;
        var node = around.Node.Find("on_error")!;
        YamlFields fields = new(new(node.Start, [(new(node.Start, "on_error", plain: true), Resolve(node, around.Scope, around.Each, "on_error"))]), ["on_error"], around.Scope.Problems);
        return new ModifierReader(around.Scope.Problems).Strategy(fields);
    }

    private static TaskModifiers AlwaysIn(TaskDraft draft, TaskModifiers modifiers)
    {
        if (modifiers.OnlyIfChanged || modifiers.OnlyIfFailed)
            draft.Scope.Problems.Add(FileProblem.At(draft.Node.Start, "a task in 'always' of a block runs in any case: only_if_changed and only_if_failed exclude that"));
        return modifiers with { Always = true };
    }

    private static TimeSpan? StartWithin(YamlFields fields, ModifierReader reader, Operation? operation, List<FileProblem> problems)
    {
        var time = reader.Time(fields, "start_within");
        var mark = fields.Find("start_within")?.Start ?? Mark.Empty;
        if (time < MinStart || time > MaxStart)
            problems.Add(FileProblem.At(mark, "'start_within' must be a time from 1s to 1h"));
        else if (time is not null && operation is { RunsOn: RunsOn.Controller })
            problems.Add(FileProblem.At(mark, $"{operation.Id} runs on the controller: 'start_within' is for tasks on hosts"));
        return time;
    }

    private static ConditionNode? Condition(TaskDraft draft, string key)
    {
        if (draft.Node.Find(key) is not { } node)
            return null;
        if (node is YamlScalar { IsNull: false } scalar)
            return new(scalar, draft.Scope, draft.Each);
        draft.Scope.Problems.Add(FileProblem.At(node.Start, $"'{key}' must be a condition, such as result.exit_code > 1"));
        return null;
    }
}
