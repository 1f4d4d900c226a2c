using System.Text;

namespace Osapi.Plans.Yaml;

/// <summary>Parses the bytes of a YAML file.</summary>
internal static class YamlBytes
{
    /// <summary>Returns the root, which is null when there are problems or the text is empty, and all problems.</summary>
    public static (YamlNode? Root, IReadOnlyList<FileProblem> Problems) Parse(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var text = bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes;
        try
        {
            return YamlReader.Read(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(text));
        }
        catch (DecoderFallbackException exception)
        {
            var prefix = text[..exception.Index];
            return (null, [new(prefix.Count((byte)'\n') + 1, prefix.Length - prefix.LastIndexOf((byte)'\n'), "the file is not text in UTF-8")]);
        }
    }
}
