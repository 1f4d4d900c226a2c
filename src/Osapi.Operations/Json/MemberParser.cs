using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>
/// Converts text from a query or a command line to the JSON that a contract's member expects. Text that does not fit stays text, so
/// that the binder reports the problem.
/// </summary>
internal static class MemberParser
{
    /// <summary>Writes the values of a member as JSON. A list takes every value, a map every <c>key=value</c>, any other type the last value.</summary>
    public static void Write(Utf8JsonWriter writer, JsonTypeInfo info, IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(values);
        if (info.Kind == JsonTypeInfoKind.Enumerable)
            WriteList(writer, info.Options.GetTypeInfo(info.ElementType!), values);
        else if (info.Kind == JsonTypeInfoKind.Dictionary)
            WriteMap(writer, info.Options.GetTypeInfo(info.ElementType!), values);
        else if (info.Kind == JsonTypeInfoKind.Object)
            WriteParsed(writer, values[^1]);
        else if (info.Type == typeof(JsonObject))
            WriteMap(writer, element: null, values);
        else
            WriteLeaf(writer, Nullable.GetUnderlyingType(info.Type) ?? info.Type, values[^1]);
    }

    /// <summary>Converts the values of a member to JSON in the same way.</summary>
    public static JsonNode ToNode(JsonTypeInfo info, IReadOnlyList<string> values)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
            Write(writer, info, values);
        return JsonNode.Parse(json.WrittenSpan)!;
    }

    private static void WriteList(Utf8JsonWriter writer, JsonTypeInfo element, IReadOnlyList<string> values)
    {
        writer.WriteStartArray();
        foreach (var value in values)
            Write(writer, element, [value]);
        writer.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter writer, JsonTypeInfo? element, IReadOnlyList<string> values)
    {
        OrderedDictionary<string, string> entries = [];
        foreach (var value in values)
        {
            var equals = value.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 1)
            {
                entries[value[..equals]] = value[(equals + 1)..];
                continue;
            }

            if (values.Count == 1)
                WriteParsed(writer, value);
            else
                writer.WriteStringValue(value);
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, text) in entries)
        {
            writer.WritePropertyName(name);
            if (element is null)
                WriteParsed(writer, text);
            else
                Write(writer, element, [text]);
        }

        writer.WriteEndObject();
    }

    // A value without a declared type that is not valid JSON is text: port=8080 is a number, name=web-01 is not. A number that would
    // be printed differently is text, too: version=1.10 is not 1.1.
    private static void WriteParsed(Utf8JsonWriter writer, string text)
    {
        var json = Encoding.UTF8.GetBytes(text);
        if (IsJson(json, text))
            writer.WriteRawValue(json, skipInputValidation: true);
        else
            writer.WriteStringValue(text);
    }

    private static bool IsJson(byte[] json, string text)
    {
        try
        {
            return JsonText.IsUnicode(json)
                && JsonElement.Parse(json, JsonConventions.Document).ValueKind switch
                {
                    JsonValueKind.Null => false,
                    JsonValueKind.Number => DecimalNumber.IsPlain(text),
                    _ => true,
                };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void WriteLeaf(Utf8JsonWriter writer, Type type, string text)
    {
        if (type == typeof(bool) && bool.TryParse(text, out var flag))
            writer.WriteBooleanValue(flag);
        else if ((type == typeof(int) || type == typeof(long)) && WholeNumber.Parse(text) is { } whole)
            writer.WriteNumberValue(whole);
        else if ((type == typeof(double) || type == typeof(decimal)) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(text);
    }
}
