using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>Text that a system call takes, which ends at the first NUL: a path, an argument, an environment variable. For a list or a map it holds for every text in it.</summary>
public sealed class NoNulAttribute : RuleAttribute
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

    // A request that is wrong elsewhere is judged as JSON, in which anything may stand for a text.
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
