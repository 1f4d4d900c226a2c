using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>Replaces the name of a host in its answer, so that answers of hosts that differ in nothing else are the same.</summary>
internal static class OwnName
{
    /// <summary>The text in place of the name.</summary>
    public const string Placeholder = "<host>";

    /// <summary>Returns a text with the placeholder where the name stands as a word of its own.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Replace(string? text, string hostname) => text is null || !text.Contains(hostname, StringComparison.Ordinal) ? text
        : Regex.Replace(text, $@"(?<![\w.-]){Regex.Escape(hostname)}(?![\w-])", Placeholder, RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);

    /// <summary>Returns a value with the placeholder in its texts. Names of members, and numbers, stay as they are.</summary>
    public static JsonElement Replace(JsonElement value, string hostname)
    {
        if (!value.GetRawText().Contains(hostname, StringComparison.Ordinal))
            return value;
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
            Write(writer, value, hostname);
        return JsonElement.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, string hostname)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, hostname);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item, hostname);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Replace(value.GetString(), hostname));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
