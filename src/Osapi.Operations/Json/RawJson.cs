using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Osapi.Operations.Json;

/// <summary>Copies JSON that was parsed as it stands.</summary>
public static class RawJson
{
    // Below this the writer's own way costs little, and writes every text in the same form.
    private const int Large = 64 * 1024;

    /// <summary>
    /// Writes a value as the writer does, and a large one as it stands: unescaping and escaping a text of many megabytes rents many times
    /// its length from a pool that keeps it.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // What another process wrote may hold bytes that no reader takes.
        if (JsonMarshal.GetRawUtf8Value(value) is { Length: >= Large } raw && IsUnicode(raw))
            writer.WriteRawValue(raw, skipInputValidation: true);
        else
            value.WriteTo(writer);
    }

    /// <summary>
    /// Copies members of an object that need not be parsed into a document: that would rent as many bytes as the object has.
    /// </summary>
    /// <param name="writer">Takes them, inside an object.</param>
    /// <param name="json">A valid object.</param>
    /// <param name="wanted">Says by its name and the length of its value whether a member is copied.</param>
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

    // Half a character may also stand as an escape; where there could be one, the writer looks at each.
    private static bool IsUnicode(ReadOnlySpan<byte> raw) => Utf8.IsValid(raw) && raw.IndexOf("\\uD"u8) < 0 && raw.IndexOf("\\ud"u8) < 0;
}
