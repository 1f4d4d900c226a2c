using System.Text.Json.Nodes;
using Osapi.Plans.Expressions;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;
using YamlDotNet.Core;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Expansion;

/// <summary>Reads the items of <c>for_each</c>: a list, a map, an expression, or a mapping with <c>in</c> and <c>key</c>.</summary>
/// <param name="scope">The scope of the file.</param>
/// <param name="inputs">The inputs of the plan.</param>
/// <param name="place">The place of the loop for messages.</param>
internal sealed class LoopReader(PlanScope scope, PlanInputs inputs, string place = LoopReader.Task)
{
    public const string Task = "for_each";
    public const string Include = "for_each of an include";
    private const int MaxItems = 1000;
    private static readonly IReadOnlyList<string> Keys = ["in", "key"];
    private static readonly IReadOnlyList<string> RunRoots = ["results", "facts", "host"];

    private List<FileProblem> Problems => scope.Problems;

    /// <summary>Returns the items; none when there are problems.</summary>
    public IReadOnlyList<EachItem> Read(YamlNode node)
    {
        var (source, key) = Parts(node);
        var before = Problems.Count;
        var value = KnownValues.Of(scope, inputs, each: null, place).Json(source);
        if (Problems.Count > before)
            return [];
        var items = value switch
        {
            JsonObject map => [.. map.Select(member => new EachItem(member.Key, member.Value))],
            JsonArray list => FromList(list, key, source),
            _ => null,
        };
        if (items is null)
            Problems.Add(FileProblem.At(source.Start, "'for_each' must be a list or a map"));
        else if (items.Count > MaxItems)
            Problems.Add(FileProblem.At(source.Start, $"'for_each' has {items.Count} items, more than {MaxItems}"));
        else
            return items;
        return [];
    }

    /// <summary>
    /// Returns the expression of a loop over results, whose items become known during the run, and that of its keys; null for a loop whose
    /// items are known before.
    /// </summary>
    public (YamlScalar Source, YamlNode? Key)? FindRunLoop(YamlNode node)
    {
        var (source, key) = Parts(node);
        if (source is not YamlScalar scalar || !YamlValues.HasExpression(scalar))
            return null;
        // Only what it reads matters here; names and types are checked when all tasks are known.
        var roots = KnownNames.Roots(scope, each: null);
        foreach (var name in RunRoots.Append("each"))
            roots[name] = new(ValueType.Any);
        return TextExpression.Read(scalar.Text, new() { Roots = roots }).Text is { } text && text.Reads.Roots.Overlaps(RunRoots) ? (scalar, key) : null;
    }

    private static (YamlNode Source, YamlNode? Key) Parts(YamlNode node) =>
        node is YamlMapping { Members: var members } mapping && members.Count > 0 && members.All(member => Keys.Contains(member.Key.Text)) && mapping.Find("in") is { } inner
            ? (inner, mapping.Find("key"))
            : (node, null);

    private List<EachItem> FromList(JsonArray list, YamlNode? key, YamlNode source)
    {
        List<EachItem> items = [];
        HashSet<string> keys = [];
        for (var index = 0; index < list.Count && items.Count <= MaxItems; index++)
        {
            var mark = source is YamlList written && index < written.Items.Count ? written.Items[index].Start : source.Start;
            if (KeyOf(list[index], index, key, mark) is not { } name)
                continue;
            if (LoopKeys.ProblemOf(name) is { } problem)
                Problems.Add(FileProblem.At(mark, $"item {index + 1} {problem}"));
            else if (keys.Add(name))
                items.Add(new(name, list[index]));
            else
                Problems.Add(FileProblem.At(mark, $"'for_each' has the key '{name}' twice; the keys of a loop must be unique"));
        }

        return items;
    }

    private string? KeyOf(JsonNode? item, int index, YamlNode? key, Mark mark)
    {
        if (key is not null)
            return KnownValues.Of(scope, inputs, new(index.ToString(System.Globalization.CultureInfo.InvariantCulture), item), "key").Json(key) switch
            {
                JsonValue value when LoopKeys.Of(value) is { } text => text,
                null => null,
                _ => Refuse("'key' must be a text"),
            };
        return LoopKeys.Of(item) ?? Refuse($"item {index + 1} {LoopKeys.Needed}");

        string? Refuse(string message)
        {
            Problems.Add(FileProblem.At(mark, message));
            return null;
        }
    }
}
