using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Facts;

/// <summary>The names of the facts that a request can refer to.</summary>
internal static class FactKeys
{
    /// <summary>The prefix of the names of custom facts, which come from an agent's configuration.</summary>
    public const string Custom = "custom.";

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["interface.primary"] = "primary_interface",
        ["arch"] = "architecture",
        ["kernel"] = "kernel_version",
        ["os"] = "os_info.distribution",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Known = Names(HostFacts.Json, "").Concat(Aliases.Keys).ToFrozenSet();

    /// <summary>All names except custom facts, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Known.Order(StringComparer.Ordinal)];

    /// <summary>Determines whether a fact of this name can exist. Custom facts differ by host, so any well-formed custom name counts.</summary>
    public static bool IsKnown(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Known.Contains(key) || (key.StartsWith(Custom, StringComparison.Ordinal) && key.Length > Custom.Length && !key.AsSpan(Custom.Length).Contains('.'));
    }

    /// <summary>Determines whether the name is valid for a custom fact: letters, digits and <c>_</c> only.</summary>
    public static bool IsCustomName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
    }

    /// <summary>Gets the value of a fact as text; null when this host has none.</summary>
    public static string? Value(HostFacts facts, string key)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(key);
        if (key.StartsWith(Custom, StringComparison.Ordinal))
            return facts.Facts.GetValueOrDefault(key[Custom.Length..]);
        var element = JsonSerializer.SerializeToElement(facts, HostFacts.Json);
        foreach (var name in Aliases.GetValueOrDefault(key, key).Split('.'))
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        return element.ValueKind is JsonValueKind.String or JsonValueKind.Number && element.ToString() is { Length: > 0 } text ? text : null;
    }

    // Only single values: there is no text form of a list that suits every use.
    private static IEnumerable<string> Names(JsonTypeInfo info, string prefix) => info.Properties.SelectMany(property =>
    {
        var type = property.Options.GetTypeInfo(property.PropertyType);
        return type.Kind switch
        {
            JsonTypeInfoKind.None => [prefix + property.Name],
            JsonTypeInfoKind.Object => Names(type, prefix + property.Name + "."),
            _ => Enumerable.Empty<string>(),
        };
    });
}
