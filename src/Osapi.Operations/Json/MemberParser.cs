using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>
/// Converts text from a query or a command line to the JSON that a contract's member expects. Text that does not fit stays text, so
/// that the binder reports the problem.
/// </summary>
internal static class MemberParser
{
    /// <summary>Converts the values of a member to JSON. A list takes every value, a map every <c>key=value</c>, any other type the last value.</summary>
    public static JsonNode ToNode(JsonTypeInfo info, IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(values);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => List(info.Options.GetTypeInfo(info.ElementType!), values),
            JsonTypeInfoKind.Dictionary => Map(info.Options.GetTypeInfo(info.ElementType!), values),
            JsonTypeInfoKind.Object => Parsed(values[^1]),
            _ when info.Type == typeof(JsonObject) => Map(null, values),
            _ => Leaf(Nullable.GetUnderlyingType(info.Type) ?? info.Type, values[^1]),
        };
    }

    private static JsonArray List(JsonTypeInfo element, IReadOnlyList<string> values) => new([.. values.Select(value => ToNode(element, [value]))]);

    private static JsonNode Map(JsonTypeInfo? element, IReadOnlyList<string> values)
    {
        JsonObject map = [];
        foreach (var value in values)
        {
            var equals = value.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                return values.Count == 1 ? Parsed(value) : JsonValue.Create(value);
            var text = value[(equals + 1)..];
            map[value[..equals]] = element is null ? Parsed(text) : ToNode(element, [text]);
        }

        return map;
    }

    // A value without a declared type that is not valid JSON is text: port=8080 is a number, name=web-01 is not. A number that would
    // be printed differently is text, too: version=1.10 is not 1.1.
    private static JsonNode Parsed(string text)
    {
        var json = Encoding.UTF8.GetBytes(text);
        try
        {
            return JsonText.IsUnicode(json) && JsonNode.Parse(json, documentOptions: JsonConventions.Document) is { } node && (node.GetValueKind() != JsonValueKind.Number || DecimalNumber.IsPlain(text))
                ? node
                : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static JsonNode Leaf(Type type, string text)
    {
        if (type == typeof(bool) && bool.TryParse(text, out var flag))
            return JsonValue.Create(flag);
        if ((type == typeof(int) || type == typeof(long)) && WholeNumber.Parse(text) is { } whole)
            return JsonValue.Create(whole);
        if ((type == typeof(double) || type == typeof(decimal)) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return JsonValue.Create(number);
        return JsonValue.Create(text);
    }
}
