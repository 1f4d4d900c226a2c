using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>The JSON settings of the system: strict for requests, lenient for results. Names are snake_case in both.</summary>
internal static class JsonConventions
{
    /// <summary>
    /// The options for requests: an unknown, missing, duplicate or null member is an error. A host must not execute a request that it
    /// does not fully understand.
    /// </summary>
    public static JsonSerializerOptions Strict => new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        MaxDepth = JsonText.MaxDepth,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>
    /// The options for results: unknown members are ignored, so that old callers accept the results of new hosts; nulls are not
    /// written. A member that is not nullable is required, so that a value always matches its type: members added later must be
    /// nullable.
    /// </summary>
    public static JsonSerializerOptions Lenient => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The options for parsing documents: a duplicate member is an error.</summary>
    public static JsonDocumentOptions Document { get; } = new() { AllowDuplicateProperties = false };

    /// <summary>Parses an object that another process sent; null when it is not an object, or contains text that is not valid Unicode.</summary>
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

    /// <summary>Gets a string member of an object; null when it is missing or not a string.</summary>
    public static string? Text(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Gets the elements of a list member of an object; empty when it is missing or not a list.</summary>
    public static IEnumerable<JsonElement> Elements(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>Converts an element to a node without serializing it; null for a JSON null.</summary>
    public static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        _ => JsonValue.Create(element),
    };
}
