using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osapi.Operations;

/// <summary>The content of a file that not every user of its host may read, in a result.</summary>
/// <remarks>
/// A result with <c>restricted: true</c> has such content in <c>content</c> or <c>content_base64</c>. Callers without the
/// permission <c>file:content</c> get the result without these members.
/// </remarks>
internal static class RestrictedContent
{
    /// <summary>Returns a result without restricted content; the same result when it has none.</summary>
    public static JsonElement? Without(JsonElement? result)
    {
        if (result is not { ValueKind: JsonValueKind.Object } members || !members.TryGetProperty("restricted", out var mark) || mark.ValueKind != JsonValueKind.True)
            return result;
        var left = JsonObject.Create(members)!;
        left.Remove("content");
        left.Remove("content_base64");
        return JsonElement.Parse(left.ToJsonString());
    }
}
