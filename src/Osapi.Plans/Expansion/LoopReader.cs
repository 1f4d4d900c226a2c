using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;
using YamlDotNet.Core;

namespace Osapi.Plans.Expansion;

/// <summary>Reads the items of <c>for_each</c>: a list, a map, an expression, or a mapping with <c>in</c> and <c>key</c>.</summary>
internal sealed class LoopReader(PlanScope scope, PlanInputs inputs)
{
    private const int MaxItems = 1000;
    private static readonly IReadOnlyList<string> Keys = ["in", "key"];

    private List<FileProblem> Problems => scope.Problems;

    /// <summary>Returns the items; none when there are problems.</summary>
    public IReadOnlyList<EachItem> Read(YamlNode node)
    {
        YamlNode? key = null;
        var source = node;
        if (node is YamlMapping { Members: var members } mapping && members.Count > 0 && members.All(member => Keys.Contains(member.Key.Text)) && mapping.Find("in") is { } inner)
            (source, key) = (inner, mapping.Find("key"));
        var before = Problems.Count;
        var value = KnownValues.Of(scope, inputs, each: null, place: "for_each").Json(source);
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

    private List<EachItem> FromList(JsonArray list, YamlNode? key, YamlNode source)
    {
        List<EachItem> items = [];
        HashSet<string> keys = [];
        for (var index = 0; index < list.Count && items.Count <= MaxItems; index++)
        {
            var mark = source is YamlList written && index < written.Items.Count ? written.Items[index].Start : source.Start;
            if (KeyOf(list[index], index, key, mark) is not { } name)
                continue;
            if (name.Length is 0 or > 200 || Operations.ControlCharacters.AreIn(name))
                Problems.Add(FileProblem.At(mark, $"the key of item {index + 1} must be a text of 1 to 200 characters without control characters"));
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
                JsonValue value when value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => value.ToString(),
                null => null,
                _ => Refuse("'key' must be a text"),
            };
        return item switch
        {
            JsonValue value when value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => value.ToString(),
            JsonObject map when map["name"] is JsonValue name && name.GetValueKind() == JsonValueKind.String => name.ToString(),
            _ => Refuse($"item {index + 1} has no key: items are texts, numbers or mappings with 'name', or say how: for_each: {{in: .., key: \"${{{{ each.value.NAME }}}}\"}}"),
        };

        string? Refuse(string message)
        {
            Problems.Add(FileProblem.At(mark, message));
            return null;
        }
    }
}
