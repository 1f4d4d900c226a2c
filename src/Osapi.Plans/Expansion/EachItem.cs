using System.Text.Json.Nodes;

namespace Osapi.Plans.Expansion;

/// <summary>An item of a loop: <c>each.key</c> and <c>each.value</c>.</summary>
/// <param name="Key">The key, which is part of the task's name.</param>
/// <param name="Value">The value.</param>
internal sealed record EachItem(string Key, JsonNode? Value)
{
    public JsonObject ToJson() => new() { ["key"] = Key, ["value"] = Value?.DeepClone() };
}
