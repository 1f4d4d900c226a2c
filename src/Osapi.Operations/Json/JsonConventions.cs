using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>The two dialects of JSON in the system. Names are snake_case in both.</summary>
public static class JsonConventions
{
    /// <summary>For requests: an unknown, missing, doubled or null member is an error. A host must not act on a request it does not fully understand.</summary>
    public static JsonSerializerOptions Strict => new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        MaxDepth = JsonText.MaxDepth,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>
    /// For results: unknown members pass, so that old callers survive new hosts; nulls are not written. A member that is not
    /// nullable must be there, so that a value is what its type says: members added later must be nullable.
    /// </summary>
    public static JsonSerializerOptions Lenient => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>How documents are parsed: a doubled member is an error.</summary>
    public static JsonDocumentOptions Document { get; } = new() { AllowDuplicateProperties = false };

    /// <summary>Reads an object that another process sent; null when it is none, or holds text that is not valid Unicode.</summary>
    public static JsonElement? ParseObject(ReadOnlySpan<byte> json)
    {
        if (!JsonText.IsUnicode(json))
            return null;
        try
        {
            var element = JsonElement.Parse(json, Document);
            return element.ValueKind == JsonValueKind.Object ? element : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text of an object's member; null when it has no such member, or one that is no text.</summary>
    public static string? Text(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The elements of an object's member; none when it has no such member, or one that is no list.</summary>
    public static IEnumerable<JsonElement> Elements(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>Takes an element over as a node without printing it; null for a JSON null.</summary>
    public static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        _ => JsonValue.Create(element),
    };
}
