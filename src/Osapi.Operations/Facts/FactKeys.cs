using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Facts;

/// <summary>The names by which a request can refer to facts.</summary>
public static class FactKeys
{
    /// <summary>What the names of the facts in an agent's configuration begin with.</summary>
    public const string Custom = "custom.";

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["interface.primary"] = "primary_interface",
        ["arch"] = "architecture",
        ["kernel"] = "kernel_version",
        ["os"] = "os_info.distribution",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Known = Names(HostFacts.Json, "").Concat(Aliases.Keys).ToFrozenSet();

    /// <summary>All names but those of custom facts, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Known.Order(StringComparer.Ordinal)];

    /// <summary>True when there is such a fact. Which custom facts there are, each host says for itself.</summary>
    public static bool IsKnown(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Known.Contains(key) || (key.StartsWith(Custom, StringComparison.Ordinal) && key.Length > Custom.Length && !key.AsSpan(Custom.Length).Contains('.'));
    }

    /// <summary>True when a custom fact of this name can be referred to: one word of letters, digits and <c>_</c>.</summary>
    public static bool IsCustomName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
    }

    /// <summary>The value of a fact as text; null when this host has none.</summary>
    public static string? Value(HostFacts facts, string key)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(key);
        if (key.StartsWith(Custom, StringComparison.Ordinal))
            return facts.Facts.GetValueOrDefault(key[Custom.Length..]);
        var at = JsonSerializer.SerializeToElement(facts, HostFacts.Json);
        foreach (var name in Aliases.GetValueOrDefault(key, key).Split('.'))
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        return at.ValueKind is JsonValueKind.String or JsonValueKind.Number && at.ToString() is { Length: > 0 } text ? text : null;
    }

    // Single values only: a list has no text that would be right everywhere.
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
