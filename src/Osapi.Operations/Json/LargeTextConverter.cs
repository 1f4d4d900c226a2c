using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>
/// Writes a text that may have many megabytes in segments. The writer's own way rents six times its length at once, for the
/// case that every character is escaped, and the pool that it rents from keeps that for each thread.
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
        var left = value.AsSpan();
        for (; left.Length > SegmentLength; left = left[SegmentLength..])
            writer.WriteStringValueSegment(left[..SegmentLength], isFinalSegment: false);
        writer.WriteStringValueSegment(left, isFinalSegment: true);
    }
}
