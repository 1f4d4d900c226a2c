using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>
/// Writes a text of possibly many megabytes in segments. The writer otherwise rents six times the text's length at once, in case
/// every character is escaped, and the pool keeps that buffer for each thread.
/// </summary>
internal sealed class LargeTextConverter : JsonConverter<string>
{
    private const int SegmentLength = 16 * 1024;

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var rest = value.AsSpan();
        for (; rest.Length > SegmentLength; rest = rest[SegmentLength..])
            writer.WriteStringValueSegment(rest[..SegmentLength], isFinalSegment: false);
        writer.WriteStringValueSegment(rest, isFinalSegment: true);
    }
}
