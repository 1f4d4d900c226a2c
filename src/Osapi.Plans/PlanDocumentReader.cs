using Osapi.Operations;
using Osapi.Plans.Conditions;
using Osapi.Plans.Expansion;
using Osapi.Plans.Loops;
using Osapi.Plans.Requests;
using Osapi.Plans.Secrets;
using Osapi.Plans.Values;
using Osapi.Plans.Variables;
using Osapi.Plans.Yaml;

namespace Osapi.Plans;

/// <summary>Reads a plan file of version 1, with the files that it includes, and reports all problems at once.</summary>
internal sealed class PlanDocumentReader(OperationCatalog catalog, PlanInputs inputs)
{
    public static IReadOnlyList<string> Keys { get; } =
        ["version", "name", "description", "vars", "secrets", "on_error", "max_parallelism", "deadline", "flow", "confirm", "tasks"];

    // What is read with its own expressions, or by the expander.
    private static readonly IReadOnlyList<string> Unresolved = ["version", "vars", "secrets", "tasks"];
    private readonly PlanScope scope = new();
    private readonly TaskExpander expander = new(inputs);

    private List<FileProblem> Problems => scope.Problems;

    /// <summary>Returns the plan, or null and the problems.</summary>
    public (PlanFile? Plan, IReadOnlyList<FileProblem> Problems) Read(YamlMapping written)
    {
        var root = ExtensionMembers.Without((YamlMapping)new MergeKeys(Problems).Apply(written));
        IReadOnlyList<Variable> variables = [.. new VariableReader(KnownValues.Of(scope, inputs, each: null, "vars"), Problems).Read(root.Find("vars"))];
        new VariableInputs(variables, inputs, scope).Apply(root.Find("vars") ?? root);
        var secrets = new SecretReader(KnownValues.Of(scope, inputs, each: null, "secrets"), Problems).Read(root.Find("secrets"));
        YamlFields fields = new(new(root.Start, [.. root.Members.Select(member => (member.Key, Resolved(member.Key.Text, member.Value)))]), Keys, Problems);
        ModifierReader modifiers = new(Problems);
        var (name, onError, parallelism, deadline) = (fields.Name("name"), modifiers.Strategy(fields), modifiers.Number(fields, "max_parallelism"), modifiers.Time(fields, "deadline"));
        var flow = modifiers.Flow(fields);
        var drafts = expander.Expand(root.Find("tasks"), root, scope);
        var tasks = ReadTasks(drafts, secrets);
        PlanFile plan = new(name ?? "", tasks, onError, parallelism, deadline, flow)
        {
            Version = 1,
            Description = fields.Text("description", required: false),
            Values = scope.Vars,
            Variables = variables,
            Secrets = secrets,
            Confirm = fields.Text("confirm", required: false),
        };
        // The same file may be included several times.
        FileProblem[] problems = [.. expander.Scopes.SelectMany((file, index) => file.NamedProblems().OrderBy(problem => problem.File == file.File ? "" : problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line).ThenBy(problem => problem.Column)).Distinct()];
        return problems.Length > 0 ? (null, problems) : (plan, []);
    }

    private YamlNode Resolved(string key, YamlNode node) =>
        Unresolved.Contains(key) || !YamlValues.HasExpressions(node) ? node : KnownValues.Of(scope, inputs, each: null, key).Resolve(node);

    private List<PlanFileTask> ReadTasks(IReadOnlyList<TaskDraft> drafts, IReadOnlyList<SecretSource> secrets)
    {
        TaskHeadReader reader = new(catalog, inputs);
        List<TaskHead> heads = [.. drafts.Select(reader.Read)];
        List<(TaskHead Head, IReadOnlyList<string> DependsOn)> tasks = [.. heads.Select(head => (head, new TaskDependencies(head).Resolve()))];
        if (PlanCycles.Check(tasks))
            return [];
        TaskReads reads = new(new([.. tasks.Select(task => (task.Head.Draft.Name, task.DependsOn))]));
        foreach (var head in heads.Where(head => head.SameAs is { Name.Length: > 0 }))
            head.Origin = OriginOf(head, reads);
        RunNames names = new(secrets);
        ConditionReader conditions = new(names, reads);
        PlanLoopReader loops = new(names, reads);
        List<PlanFileTask> read = [];
        foreach (var (head, dependsOn) in tasks.Where(task => task.Head.Operation is not null))
        {
            // Before what reads its items.
            var loop = loops.Read(head);
            var (request, template) = new TaskRequestReader(inputs, names, reads).Read(head);
            PlanFileTask task = new(head.Draft.Name, head.Operation!, head.Target, head.Origin?.Draft.Name, request, dependsOn, Statuses(head, reads), head.NameMark)
            {
                Template = template,
                Loop = loop,
                Conditions = [.. head.Conditions.Select(condition => conditions.Read(head, condition)).OfType<PlanCondition>()],
                ChangedWhen = head.ChangedWhen is null ? null : conditions.Read(head, head.ChangedWhen, readsOwn: true),
                FailedWhen = head.FailedWhen is null ? null : conditions.Read(head, head.FailedWhen, readsOwn: true),
                Tags = head.Tags,
                Confirm = head.Confirm,
                File = head.Draft.Scope.File,
                FullFile = head.Draft.Scope.FullName,
            };
            read.Add(task);
        }

        return read;
    }

    private static TaskHead? OriginOf(TaskHead head, TaskReads reads)
    {
        if (reads.Find(head, "same_as", head.SameAs!) is not { Head: { } origin })
            return null;
        if (origin.Operation is { RunsOn: RunsOn.Controller })
            head.SameAs!.Scope.Problems.Add(FileProblem.At(head.SameAs.Mark, $"same_as: '{head.SameAs.Name}' does not run on hosts"));
        return origin;
    }

    // The names of conditions of status are those of their file.
    private static TaskModifiers Statuses(TaskHead head, TaskReads reads)
    {
        var found = head.StatusReads.Select(read => (read, Draft: reads.Find(head, "when", read))).Where(pair => pair.Draft is not null)
            .GroupBy(pair => (pair.read.Scope, pair.read.Name)).ToDictionary(group => group.Key, group => group.First().Draft!.Name);
        var own = head.Modifiers.When.Select(condition => (Condition: condition, head.Draft.Scope));
        return head.Modifiers with
        {
            When = [.. own.Concat(head.EnclosingConditions).Where(pair => found.ContainsKey((pair.Scope, pair.Condition.Task))).Select(pair => pair.Condition with { Task = found[(pair.Scope, pair.Condition.Task)] })],
        };
    }
}
