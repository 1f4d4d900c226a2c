using Osapi.Operations;
using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Values;

/// <summary>The types of the results of tasks, as other tasks read them.</summary>
internal sealed class ResultTypes
{
    /// <summary>The statuses of ended tasks.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["changed", "unchanged", "skipped", "failed", "cancelled"];

    /// <summary>The end of the names under which a text is read that may be cut.</summary>
    public const string HeadSuffix = "_head";

    private const string CutSuffix = "_truncated";

    private static readonly string[] Counts = ["ok_count", "failed_count", "changed_count", "skipped_count"];

    // Thousands of tasks share a few operations.
    private readonly Dictionary<Operation, IReadOnlyDictionary<string, ValueType>> members = [];

    /// <summary>Returns the type of <c>results</c> in a file.</summary>
    /// <param name="scope">The scope of the file.</param>
    /// <param name="knowsHost">True for a task whose host is known when it starts.</param>
    public ValueType Of(PlanScope scope, bool knowsHost) => scope.ResultTypes[knowsHost ? 1 : 0] ??= ValueType.Struct(
        "results",
        scope.Groups.ToDictionary(group => group.Key, group => Group(scope, group.Key, group.Value, knowsHost)));

    /// <summary>Returns the type of a task's own result.</summary>
    public static ValueType OwnOf(TaskHead task)
    {
        var own = MembersOf(task.Operation!).ToDictionary(member => member.Key, member => new StructMember(member.Value) { LooksAtHost = task.KnowsHost });
        AddStatus(own, task.KnowsHost);
        return ValueType.Struct("the task's own result", own);
    }

    /// <summary>Determines whether a member of a result is the beginning of a text that may be cut; the text itself is returned.</summary>
    public static bool IsHead(string member, out string text)
    {
        text = member.EndsWith(HeadSuffix, StringComparison.Ordinal) ? member[..^HeadSuffix.Length] : "";
        return text.Length > 0;
    }

    /// <summary>Returns the name of the member that says whether a text was cut.</summary>
    public static string CutOf(string text) => text + CutSuffix;

    private StructMember Group(PlanScope scope, string name, TaskGroup group, bool knowsHost) => scope.Ambiguous.Contains(name) ? new(ValueType.Any) : group.Kind switch
    {
        // Of an operation that is wrong nothing is known.
        GroupKind.Task when group.Tasks is not [{ Head.Operation: not null }] => new(ValueType.Any),
        GroupKind.Task => new(Task(name, group.Tasks[0].Head!, knowsHost)),
        GroupKind.Loop when group.Items.Count > 0 || group.Tasks.Count == 0 => new(ValueType.Struct(
            $"the loop '{name}'",
            group.Items.Where(item => item.Value.Head?.Operation is not null).ToDictionary(item => item.Key, item => new StructMember(Task(item.Value.Name, item.Value.Head!, knowsHost))))),
        var kind => new(ValueType.Any) { Refusal = $"'{name}' is {(kind == GroupKind.Block ? "a block; read the result of one of its tasks" : $"an include; read the result of one of its tasks: results['{name}/TASK']")}" },
    };

    private ValueType Task(string name, TaskHead task, bool knowsHost)
    {
        if (!members.TryGetValue(task.Operation!, out var own))
            members.Add(task.Operation!, own = MembersOf(task.Operation!));
        var isPerHost = task.RunsOnHosts && !task.IsOneCell;
        if (task.HasItems)
            own = new Dictionary<string, ValueType> { ["items"] = ItemsOf(name, own) };
        Dictionary<string, StructMember> all = own.ToDictionary(member => member.Key, member => new StructMember(member.Value)
        {
            LooksAtHost = isPerHost,
            Refusal = isPerHost && !knowsHost ? $"'{name}' may run on several hosts, and this task has none of its own; say of which: results{Read(name)}.hosts['HOST'].{member.Key}" : null,
        });
        AddStatus(all, isPerHost && knowsHost);
        if (task.RunsOnHosts)
        {
            var host = own.ToDictionary(member => member.Key, member => new StructMember(member.Value));
            AddStatus(host, looksAtHost: false);
            all["hosts"] = new(ValueType.Map(ValueType.Struct($"the result of '{name}' on a host", host)));
            foreach (var count in Counts)
                all[count] = new(ValueType.Int);
        }

        // Of the item, not of the loop.
        if (task.HasItems)
            foreach (var member in members[task.Operation!].Keys)
                all.TryAdd(member, new(ValueType.Any) { Refusal = $"'{name}' is a loop; read one of its items: results{Read(name)}.items['KEY'].{member}" });
        return ValueType.Struct($"the result of '{name}'", all);
    }

    private static ValueType ItemsOf(string name, IReadOnlyDictionary<string, ValueType> own)
    {
        var item = own.ToDictionary(member => member.Key, member => new StructMember(member.Value));
        AddStatus(item, looksAtHost: false);
        return ValueType.Map(ValueType.Struct($"an item of '{name}'", item));
    }

    private static void AddStatus(Dictionary<string, StructMember> members, bool looksAtHost)
    {
        foreach (var name in (ReadOnlySpan<string>)["changed", "failed", "skipped"])
            members[name] = new(ValueType.Bool) { LooksAtHost = looksAtHost };
        members["status"] = new(ValueType.OneOf(Statuses)) { LooksAtHost = looksAtHost };
    }

    private static Dictionary<string, ValueType> MembersOf(Operation operation)
    {
        if (ContractTypes.Of(operation.ResultInfo, "the result") is not ValueType.StructType type)
            return [];
        var all = type.Members.ToDictionary(member => member.Key, member => member.Value.Type);
        foreach (var text in type.Members.Keys.Where(name => type.Members.ContainsKey(CutOf(name))))
            all.TryAdd(text + HeadSuffix, ValueType.Text);
        return all;
    }

    private static string Read(string name) => PlainName.IsWord(name) ? $".{name}" : $"['{name}']";
}
