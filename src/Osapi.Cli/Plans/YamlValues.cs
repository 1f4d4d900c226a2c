using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Osapi.Cli.Plans;

/// <summary>
/// Turns YAML into the JSON that a contract wants, and remembers where each member stands. A plain <c>0644</c> or
/// <c>1.10</c> is text where the contract wants text, and a number where it wants a number (YAML 1.2 core schema).
/// </summary>
internal sealed class YamlValues
{
    // An alias can stand for a subtree many times over; a request is never this large.
    private const int MostNodes = 100_000;
    private readonly Dictionary<string, Mark> marks = [];
    private int nodes;

    public JsonNode? Convert(YamlNode node, JsonTypeInfo? info, string path = "")
    {
        if (++nodes > MostNodes)
            throw new YamlException(node.Start, node.End, $"more than {MostNodes} values");
        marks.TryAdd(path, node.Start);
        return node switch
        {
            YamlMappingNode mapping => Object(mapping, info, path),
            YamlSequenceNode sequence => List(sequence, info, path),
            YamlScalarNode scalar => Scalar(scalar, info),
            _ => null,
        };
    }

    /// <summary>Where a member stands; where its nearest ancestor does when the member is missing.</summary>
    public Mark MarkOf(string path)
    {
        Mark mark;
        while (!marks.TryGetValue(path, out mark))
            path = path.LastIndexOfAny(['.', '[']) is > 0 and var cut ? path[..cut] : "";
        return mark;
    }

    private JsonObject Object(YamlMappingNode mapping, JsonTypeInfo? info, string path)
    {
        JsonObject members = [];
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "a key must be text");
            var member = path.Length == 0 ? name : $"{path}.{name}";
            var converted = Convert(value, MemberInfo(info, name), member);
            // The key says where a member stands better than its value does.
            marks[member] = key.Start;
            members[name] = converted;
        }

        return members;
    }

    private JsonArray List(YamlSequenceNode sequence, JsonTypeInfo? info, string path)
    {
        var element = info?.Kind == JsonTypeInfoKind.Enumerable ? info.Options.GetTypeInfo(info.ElementType!) : null;
        JsonArray list = [];
        foreach (var item in sequence.Children)
            list.Add(Convert(item, element, $"{path}[{list.Count}]"));
        return list;
    }

    private static JsonTypeInfo? MemberInfo(JsonTypeInfo? info, string name) => info?.Kind switch
    {
        JsonTypeInfoKind.Object when info.Properties.FirstOrDefault(property => property.Name == name) is { } property => info.Options.GetTypeInfo(property.PropertyType),
        JsonTypeInfoKind.Dictionary => info.Options.GetTypeInfo(info.ElementType!),
        _ => null,
    };

    private static JsonNode? Scalar(YamlScalarNode scalar, JsonTypeInfo? info)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(text);
        if (text is "" or "~" or "null" or "Null" or "NULL")
            return null;
        if (WantsText(info))
            return JsonValue.Create(text);
        return text switch
        {
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when IsNumber(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static bool WantsText(JsonTypeInfo? info) =>
        info is { Kind: JsonTypeInfoKind.None } && (info.Type == typeof(string) || info.Type.IsEnum || info.Converter is Osapi.Operations.Json.ITextConverter);

    private static bool IsNumber(string text) => text.Any(char.IsAsciiDigit) && text.All(letter => char.IsAsciiDigit(letter) || letter is '+' or '-' or '.' or 'e' or 'E');
}
