using System.Text.Json;
using System.Text.Unicode;

namespace Osapi.Operations.Json;

/// <summary>Questions about JSON that the parser answers late or with an unspecific exception.</summary>
internal static class JsonText
{
    /// <summary>The most levels of nesting that a request may have: half of what the parser takes, because answers hold requests some levels down.</summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// True when every text in the JSON is Unicode: bytes are UTF-8 and escaped surrogates come in pairs. The parser takes others
    /// and throws <see cref="InvalidOperationException"/> once the text is read, which may be much later. Broken JSON passes: parsing finds it.
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
            // Whoever parses next meets the same place.
        }

        return true;
    }

    /// <summary>True when JSON that could not be parsed is only nested too deeply.</summary>
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
            // Broken before it was deep.
        }

        return false;
    }
}
