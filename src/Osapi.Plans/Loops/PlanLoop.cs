using System.Text.Json.Nodes;
using Osapi.Orchestrator;
using Osapi.Plans.Conditions;
using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Loops;

/// <summary>A loop over results: its items are made when the task starts on a host.</summary>
/// <param name="Source">The expression of the list or map.</param>
/// <param name="Node">The expression in the file.</param>
/// <param name="Key">The keys of the items; null for what the items have.</param>
/// <param name="KeyNode">The key in the file; null without one.</param>
/// <param name="Place">The place of the expressions.</param>
internal sealed record PlanLoop(TextExpression Source, YamlScalar Node, TextExpression? Key, YamlScalar? KeyNode, ExpressionPlace Place)
{
    /// <summary>The expressions of the loop itself.</summary>
    public IEnumerable<TextExpression> Texts => Key is null ? [Source] : [Source, Key];

    /// <summary>The expression for people, without its braces.</summary>
    public string Summary
    {
        get
        {
            var text = Source.Text.ReplaceLineEndings(" ").Trim();
            text = Source.IsWhole ? text[3..^2].Trim() : text;
            return text.Length <= 60 ? text : text[..57] + "...";
        }
    }

    /// <summary>Makes the items of a task on a host, with their requests.</summary>
    /// <exception cref="TaskFailedException">The value is no list or map, has too many items, or items without keys; or the request of an item is wrong.</exception>
    public IReadOnlyList<PlanItem> Items(PlanFileTask task, RunValues values, Results results, string? host)
    {
        List<EachItem> items = Evaluate(Source, Node, values.For(Place with { Each = null }, results, host)) switch
        {
            null => [],
            JsonObject map when map.Count <= PlanItem.MaxCount => [.. map.Select(member => new EachItem(member.Key, member.Value))],
            JsonArray list when list.Count <= PlanItem.MaxCount => [.. list.Select((value, index) => new EachItem(KeyOf(value, index, values, results, host), value))],
            JsonObject map => throw TooMany(map.Count),
            JsonArray list => throw TooMany(list.Count),
            _ => throw Failure("'for_each' must be a list or a map"),
        };
        if (items.GroupBy(item => item.Key).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw Failure($"'for_each' has the key '{Operations.ControlCharacters.Escape(twice.Key)}' twice; the keys of a loop must be unique");
        return [.. items.Select((item, index) => Item(task, item, index, values, results, host))];
    }

    private PlanItem Item(PlanFileTask task, EachItem each, int index, RunValues values, Results results, string? host)
    {
        if (LoopKeys.ProblemOf(each.Key) is { } problem)
            throw Failure($"item {index + 1} {problem}");
        if (Of(task.Conditions.Where(condition => condition.LooksAtItem), each).FirstOrDefault(condition => !condition.Holds(values, results, host)) is { } refused)
            return new(each.Key, new()) { SkipReason = refused.Reason };
        var place = Place with { Each = each };
        return new(each.Key, task.Template is { } template ? (template with { Place = place }).Make(values, results, host) : task.Request!)
        {
            ChangedWhen = Own(task.ChangedWhen),
            FailedWhen = Own(task.FailedWhen),
        };

        Func<Results, Result, bool>? Own(PlanCondition? condition) => condition is null ? null
            : (seen, own) => Of([condition], each).First().Holds(values, seen, PlanBuild.HostOf(own), own);
    }

    private static IEnumerable<PlanCondition> Of(IEnumerable<PlanCondition> conditions, EachItem each) =>
        conditions.Select(condition => condition.LooksAtItem ? condition with { Place = condition.Place with { Each = each } } : condition);

    private string KeyOf(JsonNode? value, int index, RunValues values, Results results, string? host)
    {
        if (Key is null)
            return LoopKeys.Of(value) ?? throw Failure($"item {index + 1} {LoopKeys.Needed}");
        EachItem each = new(index.ToString(System.Globalization.CultureInfo.InvariantCulture), value);
        return Evaluate(Key, KeyNode!, values.For(Place with { Each = each }, results, host)) is JsonValue key && LoopKeys.Of(key) is { } text
            ? text
            : throw Failure($"the key of item {index + 1} must be a text");
    }

    private JsonNode? Evaluate(TextExpression text, YamlScalar node, ExpressionValues values)
    {
        try
        {
            return text.Evaluate(values);
        }
        catch (ExpressionException exception)
        {
            throw Place.Failure(node, exception);
        }
    }

    private TaskFailedException TooMany(int count) => Failure($"'for_each' has {count} items, more than {PlanItem.MaxCount}");

    private TaskFailedException Failure(string message) => Place.Failure(Node, new(0, Node.Text.Length, message));
}
