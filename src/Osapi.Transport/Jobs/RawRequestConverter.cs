using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Transport.Jobs;

/// <summary>Embeds a request in a message, and takes it out of one, as the bytes in which it came.</summary>
internal sealed class RawRequestConverter : JsonConverter<ReadOnlyMemory<byte>>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? default(ReadOnlyMemory<byte>) : JsonMarshal.GetRawUtf8Value(JsonElement.ParseValue(ref reader)).ToArray();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // It was bound before.
        writer.WriteRawValue(value.Span, skipInputValidation: true);
    }
}
