using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Osapi.Operations.Json;

/// <summary>Copies parsed JSON in its original form.</summary>
internal static class RawJson
{
    // Below this size, the writer's own method costs little and writes every text in the same form.
    private const int Large = 64 * 1024;

    /// <summary>
    /// Writes a value; a large one in its original form, because unescaping and escaping a text of many megabytes rents many times
    /// its length from a pool that keeps it.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // JSON from another process may contain bytes that readers reject.
        if (JsonMarshal.GetRawUtf8Value(value) is { Length: >= Large } raw && IsUnicode(raw))
            writer.WriteRawValue(raw, skipInputValidation: true);
        else
            value.WriteTo(writer);
    }

    /// <summary>
    /// Copies members of an object without parsing it into a document, which would rent as many bytes as the object has.
    /// </summary>
    /// <param name="writer">The writer, inside an object.</param>
    /// <param name="json">The JSON of a valid object.</param>
    /// <param name="wanted">Determines from a member's name and the length of its value whether it is copied.</param>
    public static void CopyMembers(Utf8JsonWriter writer, ReadOnlySpan<byte> json, Func<string, long, bool> wanted)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(wanted);
        Utf8JsonReader reader = new(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = json[start..(int)reader.BytesConsumed];
            if (!wanted(name, value.Length))
                continue;
            writer.WritePropertyName(name);
            writer.WriteRawValue(value, skipInputValidation: true);
        }
    }

    // An unpaired surrogate can also be escaped; where that is possible, the writer checks each character.
    private static bool IsUnicode(ReadOnlySpan<byte> raw) => Utf8.IsValid(raw) && raw.IndexOf("\\uD"u8) < 0 && raw.IndexOf("\\ud"u8) < 0;
}
