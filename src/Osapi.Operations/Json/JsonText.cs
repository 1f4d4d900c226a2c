using System.Text.Json;
using System.Text.Unicode;

namespace Osapi.Operations.Json;

/// <summary>Checks JSON for problems that the parser reports late or with an unspecific exception.</summary>
internal static class JsonText
{
    /// <summary>The maximum nesting depth of a request: half of the parser's limit, because responses contain requests some levels down.</summary>
    public const int MaxDepth = 32;

    /// <summary>The insignificant whitespace of JSON (RFC 8259, 2).</summary>
    public static ReadOnlySpan<byte> Whitespace => " \t\n\r"u8;

    /// <summary>
    /// Determines whether all text in the JSON is valid Unicode: UTF-8 bytes and paired surrogate escapes. The parser accepts other
    /// text and throws <see cref="InvalidOperationException"/> when it is read, possibly much later. Invalid JSON passes: parsing
    /// reports it.
    /// </summary>
    public static bool IsUnicode(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return false;
        if (json.IndexOf("\\u"u8) < 0)
            return true;

        Utf8JsonReader reader = new(json);
        try
        {
            while (reader.Read())
                if (reader.ValueIsEscaped)
                    reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        catch (JsonException)
        {
            // The parser reports the same place.
        }

        return true;
    }

    /// <summary>Determines whether JSON that could not be parsed is only nested too deeply.</summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new() { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
                if (reader.CurrentDepth >= MaxDepth)
                    return true;
        }
        catch (JsonException)
        {
            // The JSON is invalid before it is too deep.
        }

        return false;
    }
}
