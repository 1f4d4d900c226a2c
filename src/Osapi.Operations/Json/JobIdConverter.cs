using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>Reads and writes the id of a job as a JSON string.</summary>
/// <remarks>Public, because the source-generated JSON context of a program that uses an id in a type of its own creates it.</remarks>
public sealed class JobIdConverter : JsonConverter<JobId>, ITextConverter
{
    /// <summary>The form of an id, for schemas and error messages.</summary>
    internal static TextRule JobIdRule { get; } =
        new("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", "a job id (a UUID)") { Format = "uuid" };

    TextRule ITextConverter.Rule => JobIdRule;

    // An id never holds references to facts.
    bool ITextConverter.IsResolved(object value) => true;

    /// <inheritdoc/>
    public override JobId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && JobId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException($"must be {JobIdRule.Description}");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JobId value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToGuid());
    }
}
