using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>
/// Requires text without NUL characters, because system calls end text at the first NUL: a path, an argument, an environment
/// variable. For a list or a map, the rule applies to every text in it.
/// </summary>
internal sealed class NoNulAttribute : RuleAttribute
{
    /// <inheritdoc/>
    public override string? Check(object value) => Texts(value).Any(text => text.Contains('\0', StringComparison.Ordinal)) ? "must not contain a NUL character" : null;

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, JsonTypeInfoKind kind)
    {
        ArgumentNullException.ThrowIfNull(schema);
        const string WithoutNul = @"^[^\u0000]*$";
        if (kind == JsonTypeInfoKind.None)
            schema["pattern"] = WithoutNul;
        else if (schema[kind == JsonTypeInfoKind.Enumerable ? "items" : "additionalProperties"] is JsonObject elements)
            elements["pattern"] = WithoutNul;
    }

    // An invalid request is checked as JSON, where a member can have any type.
    private static IEnumerable<string> Texts(object? value) => value switch
    {
        string text => [text],
        JsonValue json => json.GetValueKind() == JsonValueKind.String ? [json.GetValue<string>()] : [],
        IEnumerable<KeyValuePair<string, string>> entries => entries.SelectMany(entry => Texts(entry.Key).Concat(Texts(entry.Value))),
        JsonObject members => members.SelectMany(member => Texts(member.Key).Concat(Texts(member.Value))),
        IEnumerable elements => elements.Cast<object?>().SelectMany(Texts),
        _ => [],
    };
}
