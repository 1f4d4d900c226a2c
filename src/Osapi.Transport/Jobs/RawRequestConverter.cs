using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Transport.Jobs;

/// <summary>Embeds a request in a message, and takes it out of one, as the bytes in which it came.</summary>
internal sealed class RawRequestConverter : JsonConverter<ReadOnlyMemory<byte>>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return default(ReadOnlyMemory<byte>);
        var request = JsonMarshal.GetRawUtf8Value(JsonElement.ParseValue(ref reader)).ToArray();
        // One with a member that is given twice is not handed on: its readers could take different ones.
        if (request.Length > "{}".Length)
            JsonElement.Parse(request, JsonConventions.Document);
        return request;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // It was bound before.
        writer.WriteRawValue(value.Span, skipInputValidation: true);
    }
}
