using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>The two dialects of JSON in the system. Names are snake_case in both.</summary>
public static class Wire
{
    /// <summary>For requests: an unknown, missing, doubled or null member is an error. A host must not act on a request it does not fully understand.</summary>
    public static JsonSerializerOptions Strict => new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>For results: unknown members pass, so that old callers survive new hosts; nulls are not written.</summary>
    public static JsonSerializerOptions Lenient => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>How documents are parsed: a doubled member is an error.</summary>
    public static JsonDocumentOptions Document { get; } = new() { AllowDuplicateProperties = false };
}
