using System.Collections;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Facts;

namespace Osapi.Operations.Json;

/// <summary>Applies the rules of a contract to a value: limits, and elements that must not be null.</summary>
internal static class RuleProblems
{
    /// <summary>Returns all problems of a value. Texts with references to facts pass, unless the references are already resolved.</summary>
    public static IReadOnlyList<Problem> Of(JsonTypeInfo info, object value, bool resolved)
    {
        List<Problem> problems = [];
        Walk(info, value, "", problems, resolved);
        return problems;
    }

    /// <summary>Adds the problems that the rules find; returns true when there are any.</summary>
    public static bool Add(IEnumerable<RuleAttribute> rules, object value, string path, List<Problem> problems, bool resolved = false)
    {
        if (!resolved && value is string text && FactReference.ArePending(text))
            return false;
        var countBefore = problems.Count;
        problems.AddRange(rules.Select(rule => rule.Check(value)).OfType<string>().Select(message => new Problem(path, message)));
        return problems.Count > countBefore;
    }

    public static IEnumerable<RuleAttribute> RulesOf(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(RuleAttribute), inherit: true).Cast<RuleAttribute>() ?? [];

    /// <summary>Determines whether a number is too large for its type: it is read as infinity, which JSON cannot express.</summary>
    public static bool IsOverflow(object value) => value is double number && !double.IsFinite(number) || value is float single && !float.IsFinite(single);

    private static void Walk(JsonTypeInfo info, object value, string path, List<Problem> problems, bool resolved)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                foreach (var property in info.Properties)
                    if (property.Get?.Invoke(value) is { } member)
                        WalkMember(property, member, JsonPath.Member(path, property.Name), problems, resolved);
                break;

            // RespectNullableAnnotations does not check elements, so they are checked here.
            case JsonTypeInfoKind.Enumerable when value is IEnumerable elements:
                var element = info.Options.GetTypeInfo(info.ElementType!);
                var index = 0;
                foreach (var item in elements)
                    WalkElement(element, item, JsonPath.Element(path, index++), problems, resolved);
                break;

            case JsonTypeInfoKind.Dictionary when value is IDictionary entries:
                var entryInfo = info.Options.GetTypeInfo(info.ElementType!);
                foreach (DictionaryEntry entry in entries)
                    WalkElement(entryInfo, entry.Value, JsonPath.Member(path, entry.Key.ToString()!), problems, resolved);
                break;

            default:
                if (IsOverflow(value) || (resolved && info.Converter is ITextConverter text && !text.IsResolved(value)))
                    problems.Add(new(path, "must be " + Expectation.Of(info)));
                break;
        }
    }

    private static void WalkMember(JsonPropertyInfo property, object value, string path, List<Problem> problems, bool resolved)
    {
        var info = property.Options.GetTypeInfo(property.PropertyType);
        var broken = Add(RulesOf(property), value, path, problems, resolved);
        if (!broken || info.Kind != JsonTypeInfoKind.None)
            Walk(info, value, path, problems, resolved);
    }

    private static void WalkElement(JsonTypeInfo info, object? item, string path, List<Problem> problems, bool resolved)
    {
        if (item is null)
            problems.Add(new(path, "must not be null"));
        else
            Walk(info, item, path, problems, resolved);
    }
}
