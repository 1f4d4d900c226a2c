using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations.Facts;

namespace Osapi.Plans.Expressions;

/// <summary>Keeps hosts from resolving what looks like a reference to a fact but comes from a value.</summary>
internal static class FactEscape
{
    private const string Escape = FactReference.Prefix + ".";

    /// <summary>Escapes every text of a value. Hosts do not search the names of members.</summary>
    public static JsonNode? Of(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Select(member => KeyValuePair.Create(member.Key, Of(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Of)]),
        JsonValue single when single.GetValueKind() == JsonValueKind.String => JsonValue.Create(single.GetValue<string>().Replace(FactReference.Prefix, Escape, StringComparison.Ordinal)),
        _ => value?.DeepClone(),
    };

    /// <summary>Joins parts. A reference is one only when all of its first characters are literal.</summary>
    public static string Join(IReadOnlyList<(string Text, bool IsValue)> parts)
    {
        var text = string.Concat(parts.Select(part => part.Text));
        if (!text.Contains(FactReference.Prefix, StringComparison.Ordinal))
            return text;
        List<(int Begin, int End)> values = [];
        var position = 0;
        foreach (var (part, isValue) in parts)
        {
            if (isValue)
                values.Add((position, position + part.Length));
            position += part.Length;
        }

        StringBuilder joined = new(text.Length);
        var (at, next) = (0, 0);
        while (text.IndexOf(FactReference.Prefix, at, StringComparison.Ordinal) is >= 0 and var begin)
        {
            var end = begin + FactReference.Prefix.Length;
            joined.Append(text, at, end - at);
            while (next < values.Count && values[next].End <= begin)
                next++;
            if (next < values.Count && values[next].Begin < end)
                joined.Append('.');
            at = end;
        }

        return joined.Append(text, at, text.Length - at).ToString();
    }
}
