using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osapi.Plans.Expressions;

/// <summary>The forms of values outside of an expression.</summary>
internal static class JsonValues
{
    /// <summary>Returns a value as JSON.</summary>
    /// <exception cref="ValueException">It is too large, or a number that JSON does not have.</exception>
    public static JsonNode? Json(object? value, Evaluation evaluation)
    {
        evaluation.Budget.ChargeNew(evaluation.SizeOf(value));
        return Node(value, evaluation);
    }

    /// <summary>Returns a single value as it stands within a text; null for null, lists and maps.</summary>
    public static string? TextOf(object? value) => value switch
    {
        string text => text,
        bool condition => condition ? "true" : "false",
        long number => Text(number),
        double number => Text(number),
        RawNumber number => number.Text,
        DateTimeOffset time => Text(time),
        TimeSpan duration => Text(duration),
        _ => null,
    };

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    // RFC 3339.
    public static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static string Text(TimeSpan duration) => (duration.Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s";

    private static JsonNode? Node(object? value, Evaluation evaluation)
    {
        switch (value)
        {
            case null:
                return null;
            case bool condition:
                return JsonValue.Create(condition);
            case long number:
                return JsonValue.Create(number);
            case double number:
                return double.IsFinite(number) ? JsonValue.Create(number) : throw new ValueException($"the result is {Text(number)}, which is not a number of JSON");
            case RawNumber number:
                return JsonValue.Create(JsonElement.Parse(number.Text));
            case JsonNode node:
                return node.DeepClone();
            case JsonList list:
                return list.Array.DeepClone();
            case JsonMap map:
                return map.Object.DeepClone();
            case ListValue list:
                JsonArray array = [];
                for (var i = 0; i < list.Count; i++)
                    array.Add(Node(list[i], evaluation));
                return array;
            case MapValue map:
                JsonObject entries = [];
                foreach (var key in map.Keys)
                    if (map.TryRead(key, out var member))
                        entries.Add(key, Node(member, evaluation));
                return entries;
            default:
                return JsonValue.Create(TextOf(value));
        }
    }
}
