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

    // Half a character may also stand as an escape; where there could be one, the writer looks at each.
    private static bool IsUnicode(ReadOnlySpan<byte> raw) => Utf8.IsValid(raw) && raw.IndexOf("\\uD"u8) < 0 && raw.IndexOf("\\ud"u8) < 0;
}
