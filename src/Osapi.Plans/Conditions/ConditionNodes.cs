using Osapi.Plans.Expansion;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Conditions;

/// <summary>A condition as it is written.</summary>
/// <param name="Node">The text.</param>
/// <param name="Scope">The scope of its file.</param>
/// <param name="Each">The item of its loop; null for none.</param>
internal sealed record ConditionNode(YamlScalar Node, PlanScope Scope, EachItem? Each);

/// <summary>The conditions of <c>when</c> of a task and of the blocks and includes around it, by their kinds.</summary>
internal sealed class ConditionNodes
{
    private readonly TaskDraft draft;
    private readonly List<ConditionNode> expressions = [];

    public ConditionNodes(TaskDraft draft)
    {
        this.draft = draft;
        List<YamlNode> own = [];
        foreach (var item in Items(draft.Node.Find("when")))
            if (IsExpression(item) && item is YamlScalar scalar)
                expressions.Add(new(scalar, draft.Scope, draft.Each));
            else
                own.Add(item);
        foreach (var enclosure in Guarding)
            foreach (var item in Items(enclosure.Node.Find("when")))
                if (IsExpression(item) && item is YamlScalar scalar)
                    expressions.Add(new(scalar, enclosure.Scope, enclosure.Each));
        Own = own.Count == 0 ? null : new YamlList(own[0].Start, own);
    }

    /// <summary>The task's own conditions that are no expressions: <c>always</c> and mappings; null for none.</summary>
    public YamlNode? Own { get; }

    public IReadOnlyList<ConditionNode> Expressions => expressions;

    // A task that cleans up is not guarded by what the block says: it runs if a task of the block did.
    private IEnumerable<Enclosure> Guarding => draft.Enclosures.Where(enclosure => enclosure.CleansUp is null);

    /// <summary>Reads the conditions of status of the blocks and includes.</summary>
    /// <returns>The names that they read.</returns>
    public IReadOnlyList<TaskDependency> ReadEnclosing(out IReadOnlyList<(TaskCondition Condition, PlanScope Scope)> conditions)
    {
        List<TaskDependency> names = [];
        List<(TaskCondition, PlanScope)> read = [];
        foreach (var enclosure in Guarding)
            foreach (var item in Items(enclosure.Node.Find("when")).Where(item => !IsExpression(item)))
                if (item is YamlMapping)
                {
                    YamlFields fields = new(new(item.Start, [(new(item.Start, "when", plain: true), item)]), ["when"], enclosure.Scope.Problems);
                    var (modifiers, named) = new ModifierReader(enclosure.Scope.Problems).Read(fields);
                    names.AddRange(named.Select(name => new TaskDependency(name.Name, name.Mark, enclosure.Scope)));
                    read.AddRange(modifiers.When.Select(condition => (condition, enclosure.Scope)));
                }
                else
                {
                    enclosure.Scope.Problems.Add(FileProblem.At(item.Start, "'when' of a block or include must be conditions; a block has 'always' for tasks that run in any case"));
                }

        conditions = read;
        return names;
    }

    private static bool IsExpression(YamlNode item) => item is YamlScalar { IsNull: false, Text: not "always" };

    private static IReadOnlyList<YamlNode> Items(YamlNode? node) => node switch
    {
        null => [],
        YamlList list => list.Items,
        _ => [node],
    };
}
