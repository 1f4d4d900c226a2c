using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>Converts a host's reply in its wire format.</summary>
internal sealed class HostReplyConverter : JsonConverter<HostReply>
{
    /// <inheritdoc/>
    public override HostReply Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => HostReply.Read(JsonElement.ParseValue(ref reader));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, HostReply value, JsonSerializerOptions options) => value.Write(writer);
}
