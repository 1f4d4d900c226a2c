using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>Requires the keys of a map to be names of environment variables: not empty, no equals sign (environ(7)).</summary>
internal sealed class VariableNamesAttribute : RuleAttribute
{
    /// <inheritdoc/>
    public override string? Check(object value)
    {
        var names = value switch
        {
            IEnumerable<KeyValuePair<string, string>> entries => entries.Select(entry => entry.Key),
            JsonObject members => members.Select(member => member.Key),
            _ => throw new ArgumentException($"A {value?.GetType()} has no names.", nameof(value)),
        };
        return names.Any(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal)) ? "must have names that are not empty and have no = in them" : null;
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, JsonTypeInfoKind kind)
    {
        ArgumentNullException.ThrowIfNull(schema);
        schema["propertyNames"] = new JsonObject { ["pattern"] = "^[^=]+$" };
    }
}
