using System.Buffers;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>Extracts the result from a flat entry.</summary>
internal static class FlattenedEntry
{
    /// <summary>
    /// Gets the members of the result; null when there are none. A result that declares <c>changed</c> keeps it in the
    /// entry.
    /// </summary>
    public static JsonElement? WithoutOwnMembers(JsonElement entry)
    {
        ArrayBufferWriter<byte> bytes = new();
        var any = false;
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            foreach (var member in entry.EnumerateObject().Where(member => !HostReply.OwnMembers.Contains(member.Name)))
            {
                writer.WritePropertyName(member.Name);
                RawJson.Write(writer, member.Value);
                any = true;
            }

            writer.WriteEndObject();
        }

        return any ? JsonElement.Parse(bytes.WrittenSpan) : null;
    }
}
