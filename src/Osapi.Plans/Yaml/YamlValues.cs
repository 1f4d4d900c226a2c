using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;
using YamlDotNet.Core;

namespace Osapi.Plans.Yaml;

/// <summary>
/// Converts YAML to the JSON that a contract expects, and records the position of each member. A plain <c>0644</c> or <c>1.10</c> is
/// text where the contract expects text or accepts any value, and a number where it expects a number (YAML 1.2 core schema).
/// </summary>
internal sealed class YamlValues
{
    private readonly Dictionary<string, Mark> marks = [];

    /// <summary>Evaluates a text with expressions, for the contract at its path; null for a file without expressions.</summary>
    public Func<YamlScalar, JsonTypeInfo?, string, JsonNode?>? Expression { get; init; }

    /// <summary>Determines whether a text may have expressions.</summary>
    public static bool HasExpression(YamlScalar scalar) => scalar.Text.Contains("${{", StringComparison.Ordinal);

    /// <summary>Determines whether a text in a node may have expressions.</summary>
    public static bool HasExpressions(YamlNode node) => node switch
    {
        YamlMapping mapping => mapping.Members.Any(member => HasExpressions(member.Value)),
        YamlList list => list.Items.Any(HasExpressions),
        _ => HasExpression((YamlScalar)node),
    };

    public JsonNode? Convert(YamlNode node, JsonTypeInfo? info, string path = "")
    {
        // The key, if there is one, is a better position of a member than its value.
        marks.TryAdd(path, node.Start);
        return node switch
        {
            YamlMapping mapping => Object(mapping, info, path),
            YamlList list => List(list, info, path),
            YamlScalar scalar when Expression is not null && HasExpression(scalar) => Expression(scalar, info, path),
            _ => Scalar((YamlScalar)node, info),
        };
    }

    /// <summary>Returns the position of a member; of its nearest ancestor when the member is missing.</summary>
    public Mark MarkOf(string path)
    {
        Mark mark;
        while (!marks.TryGetValue(path, out mark))
            path = path.LastIndexOfAny(['.', '[']) is > 0 and var cut ? path[..cut] : "";
        return mark;
    }

    private JsonObject Object(YamlMapping mapping, JsonTypeInfo? info, string path)
    {
        JsonObject members = [];
        foreach (var (key, value) in mapping.Members)
        {
            var member = path.Length == 0 ? key.Excerpt : $"{path}.{key.Excerpt}";
            marks.TryAdd(member, key.Start);
            members[key.Text] = Convert(value, MemberInfo(info, key.Text), member);
        }

        return members;
    }

    private JsonArray List(YamlList list, JsonTypeInfo? info, string path)
    {
        var element = info?.Kind == JsonTypeInfoKind.Enumerable ? info.Options.GetTypeInfo(info.ElementType!) : null;
        JsonArray items = [];
        foreach (var item in list.Items)
            items.Add(Convert(item, element, $"{path}[{items.Count}]"));
        return items;
    }

    private static JsonTypeInfo? MemberInfo(JsonTypeInfo? info, string name) => info?.Kind switch
    {
        JsonTypeInfoKind.Object when info.Properties.FirstOrDefault(property => property.Name == name) is { } property => info.Options.GetTypeInfo(property.PropertyType),
        JsonTypeInfoKind.Dictionary => info.Options.GetTypeInfo(info.ElementType!),
        _ => null,
    };

    private static JsonNode? Scalar(YamlScalar scalar, JsonTypeInfo? info)
    {
        if (scalar.IsNull)
            return null;
        // For a value of any type, such as a template variable, a number is only a number when it prints unchanged.
        if (!scalar.IsPlain || WantsText(info) || (info is null && !scalar.IsTyped && !IsFree(scalar.Text)))
            return JsonValue.Create(scalar.Text);
        return scalar.Text switch
        {
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            var text => Number(text) ?? JsonValue.Create(text),
        };
    }

    private static bool IsFree(string text) => text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE" || DecimalNumber.IsPlain(text);

    /// <summary>Determines whether a contract is text, or a value that is written as text.</summary>
    public static bool WantsText(JsonTypeInfo? info) =>
        info is { Kind: JsonTypeInfoKind.None } && (info.Type == typeof(string) || (Nullable.GetUnderlyingType(info.Type) ?? info.Type).IsEnum || ITextConverter.Of(info) is not null);

    private static JsonNode? Number(string text)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal))
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) && hex >= 0 ? JsonValue.Create(hex) : null;
        if (text.StartsWith("0o", StringComparison.Ordinal))
            return Octal(text.AsSpan(2));
        if (!text.Any(char.IsAsciiDigit) || !text.All(letter => char.IsAsciiDigit(letter) || letter is '+' or '-' or '.' or 'e' or 'E'))
            return null;
        try
        {
            // Parsed as written, so that nothing is rounded before the contract is applied.
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // 0644, +5 and .5 are numbers in YAML but not in JSON.
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number) : null;
    }

    private static JsonNode? Octal(ReadOnlySpan<char> digits)
    {
        if (digits.IsEmpty || digits.Length > 20 || digits.ContainsAnyExceptInRange('0', '7'))
            return null;
        var value = 0L;
        foreach (var digit in digits)
            value = value * 8 + (digit - '0');
        return JsonValue.Create(value);
    }
}
