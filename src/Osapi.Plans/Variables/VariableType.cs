using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Plans.Yaml;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Variables;

/// <summary>The types of variables.</summary>
internal enum VariableType
{
    Text,
    Int,
    Number,
    Bool,
    List,
    Map,
}

/// <summary>The names of the types, and which values they take.</summary>
internal static class VariableTypes
{
    public static IReadOnlyDictionary<string, VariableType> ByName { get; } =
        Enum.GetValues<VariableType>().ToDictionary(type => type.ToString().ToLowerInvariant());

    /// <summary>Gets a phrase for messages.</summary>
    public static string Phrase(this VariableType type) => type switch
    {
        VariableType.Int => "a whole number",
        VariableType.Bool => "true or false",
        _ => $"a {type.ToString().ToLowerInvariant()}",
    };

    /// <summary>Returns the type of a value; null for null.</summary>
    public static VariableType? Of(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => VariableType.Text,
        JsonValueKind.Number => value.AsValue().TryGetValue<long>(out _) || long.TryParse(value.ToJsonString(), out _) ? VariableType.Int : VariableType.Number,
        JsonValueKind.True or JsonValueKind.False => VariableType.Bool,
        JsonValueKind.Array => VariableType.List,
        JsonValueKind.Object => VariableType.Map,
        _ => null,
    };

    /// <summary>Determines whether a variable of the type takes the value.</summary>
    public static bool Takes(this VariableType type, JsonNode? value) => Of(value) is { } found && (found == type || (type, found) == (VariableType.Number, VariableType.Int));

    /// <summary>Returns the type of a value in expressions, in as much detail as the value has.</summary>
    public static ValueType ValueTypeOf(JsonNode? value) => value switch
    {
        null => ValueType.Any,
        JsonArray list => ValueType.List(Common(list)),
        JsonObject map => ValueType.Map(Common(map.Select(member => member.Value))),
        _ => Of(value)!.Value.ToValueType(),
    };

    public static ValueType ToValueType(this VariableType type) => type switch
    {
        VariableType.Text => ValueType.Text,
        VariableType.Int => ValueType.Int,
        VariableType.Number => ValueType.Number,
        VariableType.Bool => ValueType.Bool,
        VariableType.List => ValueType.List(ValueType.Any),
        _ => ValueType.Map(ValueType.Any),
    };

    /// <summary>Reads the text of a value of the type, as on the command line; null when it is none.</summary>
    public static JsonNode? Parse(this VariableType type, string text)
    {
        if (type == VariableType.Text)
            return JsonValue.Create(text);
        var (root, problems) = YamlBytes.Parse(System.Text.Encoding.UTF8.GetBytes(text));
        var value = root is null || problems.Count > 0 ? null : new YamlValues().Convert(root, info: null);
        return type.Takes(value) ? value : null;
    }

    private static ValueType Common(IEnumerable<JsonNode?> values)
    {
        var types = values.Select(value => value is JsonArray or JsonObject or null ? ValueType.Any : ValueTypeOf(value)).Distinct().ToList();
        return types is [var one] ? one : ValueType.Any;
    }
}
