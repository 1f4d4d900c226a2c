using System.Collections;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>Applies the rules of a contract to a typed value: limits, and elements that must not be null.</summary>
internal static class RuleProblems
{
    public static IReadOnlyList<Problem> Of(JsonTypeInfo info, object value)
    {
        List<Problem> problems = [];
        Walk(info, value, "", problems);
        return problems;
    }

    public static void AddMember(JsonPropertyInfo property, object value, string path, List<Problem> problems)
    {
        foreach (var rule in RulesOf(property))
            if (rule.Check(value) is { } message)
                problems.Add(new(path, message));
    }

    public static IEnumerable<RuleAttribute> RulesOf(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(RuleAttribute), inherit: true).Cast<RuleAttribute>() ?? [];

    private static void Walk(JsonTypeInfo info, object value, string path, List<Problem> problems)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                foreach (var property in info.Properties)
                    if (property.Get?.Invoke(value) is { } member)
                    {
                        var name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                        AddMember(property, member, name, problems);
                        Walk(info.Options.GetTypeInfo(property.PropertyType), member, name, problems);
                    }

                break;

            // RespectNullableAnnotations does not look into elements, so they are looked at here.
            case JsonTypeInfoKind.Enumerable when value is IEnumerable elements:
                var element = info.Options.GetTypeInfo(info.ElementType!);
                var index = 0;
                foreach (var item in elements)
                    WalkElement(element, item, $"{path}[{index++}]", problems);
                break;

            case JsonTypeInfoKind.Dictionary when value is IDictionary entries:
                var entryInfo = info.Options.GetTypeInfo(info.ElementType!);
                foreach (DictionaryEntry entry in entries)
                    WalkElement(entryInfo, entry.Value, $"{path}.{entry.Key}", problems);
                break;
        }
    }

    private static void WalkElement(JsonTypeInfo info, object? item, string path, List<Problem> problems)
    {
        if (item is null)
            problems.Add(new(path, "must not be null"));
        else
            Walk(info, item, path, problems);
    }
}
