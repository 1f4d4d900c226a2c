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

    /// <summary>Adds what the rules say; true when they said anything.</summary>
    public static bool Add(IEnumerable<RuleAttribute> rules, object value, string path, List<Problem> problems)
    {
        var before = problems.Count;
        problems.AddRange(rules.Select(rule => rule.Check(value)).OfType<string>().Select(message => new Problem(path, message)));
        return problems.Count > before;
    }

    public static IEnumerable<RuleAttribute> RulesOf(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(RuleAttribute), inherit: true).Cast<RuleAttribute>() ?? [];

    /// <summary>True for a number too large for its type: it is read as infinity, which JSON cannot say.</summary>
    public static bool IsOverflow(object value) => value is double number && !double.IsFinite(number) || value is float single && !float.IsFinite(single);

    private static void Walk(JsonTypeInfo info, object value, string path, List<Problem> problems)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                foreach (var property in info.Properties)
                    if (property.Get?.Invoke(value) is { } member)
                        WalkMember(property, member, MemberPath.Member(path, property.Name), problems);
                break;

            // RespectNullableAnnotations does not look into elements, so they are looked at here.
            case JsonTypeInfoKind.Enumerable when value is IEnumerable elements:
                var element = info.Options.GetTypeInfo(info.ElementType!);
                var index = 0;
                foreach (var item in elements)
                    WalkElement(element, item, MemberPath.Element(path, index++), problems);
                break;

            case JsonTypeInfoKind.Dictionary when value is IDictionary entries:
                var entryInfo = info.Options.GetTypeInfo(info.ElementType!);
                foreach (DictionaryEntry entry in entries)
                    WalkElement(entryInfo, entry.Value, MemberPath.Member(path, entry.Key.ToString()!), problems);
                break;

            default:
                if (IsOverflow(value))
                    problems.Add(new(path, "must be " + Expectation.Of(info)));
                break;
        }
    }

    private static void WalkMember(JsonPropertyInfo property, object value, string path, List<Problem> problems)
    {
        var info = property.Options.GetTypeInfo(property.PropertyType);
        var broken = Add(RulesOf(property), value, path, problems);
        if (!broken || info.Kind != JsonTypeInfoKind.None)
            Walk(info, value, path, problems);
    }

    private static void WalkElement(JsonTypeInfo info, object? item, string path, List<Problem> problems)
    {
        if (item is null)
            problems.Add(new(path, "must not be null"));
        else
            Walk(info, item, path, problems);
    }
}
