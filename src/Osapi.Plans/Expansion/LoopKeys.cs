using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Plans.Expansion;

/// <summary>The rules for the keys of the items of a loop.</summary>
internal static class LoopKeys
{
    private const int MaxLength = 200;

    /// <summary>The end of a message about an item without a key.</summary>
    public const string Needed = "has no key: items are texts, numbers or mappings with 'name', or say how: for_each: {in: .., key: \"${{ each.value.NAME }}\"}";

    /// <summary>Returns the key of an item of a list; null when it has none by itself.</summary>
    public static string? Of(JsonNode? item) => item switch
    {
        JsonValue => Of(item.AsValue()),
        JsonObject map when map["name"] is JsonValue name && name.GetValueKind() == JsonValueKind.String => name.ToString(),
        _ => null,
    };

    /// <summary>Returns a value as a key; null when it cannot be one.</summary>
    public static string? Of(JsonValue value) => value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;

    /// <summary>Returns the problem of a key, as text that follows its item; null when there is none.</summary>
    public static string? ProblemOf(string key) =>
        key.Length is 0 or > MaxLength || ControlCharacters.AreIn(key) ? $"must have a key of 1 to {MaxLength} characters without control characters" : null;
}
