using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Facts;

namespace Osapi.Operations.Json;

/// <summary>Compares JSON that could not be deserialized with its contract and collects all problems.</summary>
internal static class ShapeProblems
{
    public static IReadOnlyList<Problem> Of(JsonTypeInfo info, JsonObject request)
    {
        List<Problem> problems = [];
        Walk(info, request, "", problems);
        // This code and the deserializer should find the same problems; if they ever differ, the caller still gets an error.
        return problems.Count > 0 ? problems : [new("", "the request is malformed")];
    }

    private static void Walk(JsonTypeInfo info, JsonNode node, string path, List<Problem> problems)
    {
        switch (info.Kind, node)
        {
            case (JsonTypeInfoKind.Object, JsonObject members):
                WalkObject(info, members, path, problems);
                break;
            case (JsonTypeInfoKind.Enumerable, JsonArray elements):
                var element = info.Options.GetTypeInfo(info.ElementType!);
                for (var i = 0; i < elements.Count; i++)
                    WalkElement(element, elements[i], JsonPath.Element(path, i), problems);
                break;
            case (JsonTypeInfoKind.Dictionary, JsonObject entries):
                var value = info.Options.GetTypeInfo(info.ElementType!);
                foreach (var (key, entry) in entries)
                    WalkElement(value, entry, JsonPath.Member(path, key), problems);
                break;
            default:
                if (Read(info, node) is not { } leaf || RuleProblems.IsOverflow(leaf))
                    problems.Add(new(path, UnknownFact(node) ?? "must be " + (OutOfRange(info, node) ?? Expectation.Of(info))));
                break;
        }
    }

    private static void WalkObject(JsonTypeInfo info, JsonObject members, string path, List<Problem> problems)
    {
        var known = info.Properties.Select(property => property.Name).ToHashSet();
        foreach (var property in info.Properties)
        {
            var member = JsonPath.Member(path, property.Name);
            if (members.TryGetPropertyValue(property.Name, out var value))
                WalkMember(property, value, member, problems);
            else if (property.IsRequired)
                problems.Add(new(member, "is required"));
        }

        foreach (var (name, _) in members)
            if (!known.Contains(name))
                problems.Add(new(JsonPath.Member(path, name), "is unknown" + Suggestions.Hint(name, known)));
    }

    private static void WalkMember(JsonPropertyInfo property, JsonNode? value, string path, List<Problem> problems)
    {
        if (value is null)
        {
            if (!property.IsSetNullable)
                problems.Add(new(path, "must not be null"));
            return;
        }

        var info = property.Options.GetTypeInfo(property.PropertyType);
        var broken = ValueForRules(info, value) is { } ruleValue && RuleProblems.Add(RuleProblems.RulesOf(property), ruleValue, path, problems);
        if (!broken || info.Kind != JsonTypeInfoKind.None)
            Walk(info, value, path, problems);
    }

    private static void WalkElement(JsonTypeInfo info, JsonNode? node, string path, List<Problem> problems)
    {
        if (node is null)
            problems.Add(new(path, "must not be null"));
        else
            Walk(info, node, path, problems);
    }

    private static object? Read(JsonTypeInfo info, JsonNode node)
    {
        try
        {
            return node.Deserialize(info);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The value that the rules of a member are applied to.
    private static object? ValueForRules(JsonTypeInfo info, JsonNode node) => (info.Kind, node) switch
    {
        // The size of a list does not depend on its elements.
        (JsonTypeInfoKind.Enumerable, JsonArray) or (JsonTypeInfoKind.Dictionary, JsonObject) => node,
        // A number that does not fit its type is checked against its limit, too, which is the better message.
        (JsonTypeInfoKind.None, JsonValue number) when IsNumber(info) && number.GetValueKind() == JsonValueKind.Number => Read(info, number) ?? number.GetValue<double>(),
        _ => Read(info, node),
    };

    private static bool IsNumber(JsonTypeInfo info) =>
        (Nullable.GetUnderlyingType(info.Type) ?? info.Type) is { IsEnum: false } type && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    // A mistyped reference does not satisfy any rule; naming it is the better message.
    private static string? UnknownFact(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.String && FactReference.Unknown(node.GetValue<string>()) is { Count: > 0 } unknown ? $"holds {string.Join(", ", unknown)}" : null;

    private static string? OutOfRange(JsonTypeInfo info, JsonNode node)
    {
        if (node.GetValueKind() != JsonValueKind.Number || node.ToJsonString().AsSpan().TrimStart('-').ContainsAnyExceptInRange('0', '9'))
            return null;
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return type == typeof(int) ? $"between {int.MinValue} and {int.MaxValue}"
            : type == typeof(long) ? $"between {long.MinValue} and {long.MaxValue}"
            : null;
    }
}
