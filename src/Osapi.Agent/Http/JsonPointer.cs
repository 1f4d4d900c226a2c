using System.Globalization;
using System.Text.Json;

namespace Osapi.Agent.Http;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>Finds a value; null when there is none.</summary>
    /// <param name="root">The document.</param>
    /// <param name="pointer">The pointer: empty for the whole document, else parts that begin with a slash.</param>
    public static JsonElement? Find(JsonElement root, string pointer)
    {
        JsonElement? at = root;
        foreach (var part in pointer.Split('/').Skip(1))
            at = at is { } parent ? ChildOf(parent, part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)) : null;
        return at;
    }

    private static JsonElement? ChildOf(JsonElement parent, string name) => parent.ValueKind switch
    {
        JsonValueKind.Object when parent.TryGetProperty(name, out var member) => member,
        JsonValueKind.Array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < parent.GetArrayLength() && (index == 0 ? name == "0" : name[0] != '0') => parent[index],
        _ => null,
    };
}
