using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>Writes parsed JSON in its original form; see <see cref="RawJson"/>.</summary>
internal sealed class RawJsonConverter : JsonConverter<JsonElement>
{
    /// <inheritdoc/>
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => RawJson.Write(writer, value);
}
