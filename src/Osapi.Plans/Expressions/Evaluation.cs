using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osapi.Plans.Expressions;

/// <summary>One evaluation of an expression: its budget and the values that it has decoded.</summary>
internal sealed class Evaluation(ExpressionValues values, bool showsValues)
{
    private readonly Dictionary<JsonNode, object> decoded = [];
    private readonly List<(string Name, object? Value)> variables = [];

    public Budget Budget { get; } = new();

    /// <summary>Gets a value that says whether messages may contain values; not those of an expression with secrets.</summary>
    public bool ShowsValues { get; } = showsValues;

    /// <summary>Returns a variable of a macro or a root.</summary>
    public object? Name(string name)
    {
        for (var i = variables.Count - 1; i >= 0; i--)
            if (variables[i].Name == name)
                return variables[i].Value;
        return Decode(values.Root(name));
    }

    public string HostOf(string task) => values.HostOf(task);

    public void Push(string name, object? value) => variables.Add((name, value));

    public void Pop() => variables.RemoveAt(variables.Count - 1);

    /// <summary>Decodes what a root, a list or a map holds.</summary>
    public object? Decode(object? value) => value switch
    {
        JsonArray array => new JsonList(array),
        JsonObject map => new JsonMap(map),
        JsonNode node => Leaf(node),
        _ => value,
    };

    /// <summary>Makes a list. Its items are counted.</summary>
    public ItemList List(object?[] items)
    {
        var size = 1L;
        foreach (var item in items)
            size += SizeOf(item);
        Budget.ChargeNew(size);
        return new(items, size);
    }

    /// <summary>Makes a map. Its entries are counted.</summary>
    public ItemMap Map(OrderedDictionary<string, object?> entries)
    {
        var size = 1L;
        foreach (var (key, value) in entries)
            size += key.Length + SizeOf(value);
        Budget.ChargeNew(size);
        return new(entries, size);
    }

    /// <summary>Returns the size of a value, as it is bounded: characters of texts and names, and one for each element.</summary>
    public long SizeOf(object? value)
    {
        switch (value)
        {
            case string text:
                return text.Length + 1;
            case RawNumber number:
                return number.Text.Length;
            case ItemList list:
                return list.Size;
            case ItemMap map:
                return map.Size;
            case JsonNode node:
                return SizeOf(Decode(node));
            case ListValue list:
                var sum = 1L;
                Budget.Charge(list.Count / 8);
                for (var i = 0; i < list.Count && sum <= ExpressionBounds.MaxSize; i++)
                    sum += SizeOf(list[i]);
                return sum;
            case MapValue map:
                sum = 1L;
                Budget.Charge(1);
                foreach (var key in map.Keys)
                {
                    Budget.ChargeCopy(key.Length);
                    if (sum <= ExpressionBounds.MaxSize && map.TryRead(key, out var member))
                        sum += key.Length + SizeOf(member);
                }

                return sum;
            default:
                return 1;
        }
    }

    private object Leaf(JsonNode node)
    {
        if (decoded.TryGetValue(node, out var known))
            return known;
        var value = node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => Text(node),
            _ => Number(node.ToJsonString()),
        };
        decoded.Add(node, value);
        return value;
    }

    private string Text(JsonNode node)
    {
        try
        {
            var text = node.GetValue<string>();
            Budget.ChargeNew(text.Length);
            return text;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, written as an escape.
            throw new ValueException("the text is not valid Unicode");
        }
    }

    private static object Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole
            : new RawNumber(text, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
}
