using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>
/// Converts a request to the form that the deserializer accepts, where JSON Schema allows several: null for a member that is left
/// out, and <c>1.0</c> for 1. Generated clients send both.
/// </summary>
internal static class CanonicalForm
{
    /// <summary>Converts the request in place; returns true when anything changed.</summary>
    public static bool Apply(JsonTypeInfo info, JsonObject request) => Object(info, request);

    private static bool Object(JsonTypeInfo info, JsonObject members)
    {
        var changed = false;
        foreach (var property in info.Properties)
        {
            if (!members.TryGetPropertyValue(property.Name, out var value))
                continue;
            if (value is not null)
                changed |= Value(property.Options.GetTypeInfo(property.PropertyType), value, number => members[property.Name] = number);
            else if (!property.IsRequired)
                changed |= members.Remove(property.Name);
        }

        return changed;
    }

    private static bool Value(JsonTypeInfo info, JsonNode value, Action<JsonValue> replace)
    {
        switch (info.Kind, value)
        {
            case (JsonTypeInfoKind.Object, JsonObject members):
                return Object(info, members);
            case (JsonTypeInfoKind.Enumerable, JsonArray elements):
                return Elements(info, elements);
            case (JsonTypeInfoKind.Dictionary, JsonObject entries):
                return Entries(info, entries);
            case (JsonTypeInfoKind.None, JsonValue number) when IsWhole(info) && number.GetValueKind() == JsonValueKind.Number:
                var text = number.ToJsonString();
                if (!text.AsSpan().ContainsAny('.', 'e', 'E') || WholeNumber.Parse(text) is not { } whole)
                    return false;
                // Parsed like every other node of a request: a value created from a long cannot be read as a double.
                replace((JsonValue)JsonNode.Parse(whole.ToString(CultureInfo.InvariantCulture))!);
                return true;
            default:
                return false;
        }
    }

    private static bool Elements(JsonTypeInfo info, JsonArray elements)
    {
        var element = info.Options.GetTypeInfo(info.ElementType!);
        var changed = false;
        for (var i = 0; i < elements.Count; i++)
        {
            var index = i;
            if (elements[i] is { } value)
                changed |= Value(element, value, number => elements[index] = number);
        }

        return changed;
    }

    private static bool Entries(JsonTypeInfo info, JsonObject entries)
    {
        var element = info.Options.GetTypeInfo(info.ElementType!);
        var changed = false;
        // Copied, because numbers are replaced in place.
        foreach (var (name, entry) in entries.ToList())
            if (entry is not null)
                changed |= Value(element, entry, number => entries[name] = number);
        return changed;
    }

    private static bool IsWhole(JsonTypeInfo info) => (Nullable.GetUnderlyingType(info.Type) ?? info.Type) is var type && (type == typeof(int) || type == typeof(long));
}
