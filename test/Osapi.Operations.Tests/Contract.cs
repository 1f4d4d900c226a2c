using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Tests;

/// <summary>A contract as the list of all its members, including nested ones.</summary>
internal static class Contract
{
    public static IEnumerable<(JsonTypeInfo Owner, JsonPropertyInfo Property)> Members(JsonTypeInfo info) => Members(info, []);

    private static IEnumerable<(JsonTypeInfo Owner, JsonPropertyInfo Property)> Members(JsonTypeInfo info, HashSet<Type> seen)
    {
        if (!seen.Add(info.Type))
            return [];
        if (info.ElementType is { } element)
            return Members(info.Options.GetTypeInfo(element), seen);
        return info.Kind == JsonTypeInfoKind.Object
            ? info.Properties.SelectMany(property => Members(info.Options.GetTypeInfo(property.PropertyType), seen).Prepend((info, property)))
            : [];
    }
}
