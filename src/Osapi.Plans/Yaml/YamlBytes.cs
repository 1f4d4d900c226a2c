using System.Text;

namespace Osapi.Plans.Yaml;

/// <summary>Parses the bytes of a YAML file.</summary>
internal static class YamlBytes
{
    /// <summary>Returns what could be read, and all problems.</summary>
    /// <param name="bytes">The content of the file.</param>
    /// <param name="name">The name of the file as the caller gave it.</param>
    public static YamlDocument Parse(ReadOnlySpan<byte> bytes, string name = "")
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var text = bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes;
        try
        {
            return YamlRecovery.Read(new(name, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(text)));
        }
        catch (DecoderFallbackException exception)
        {
            var prefix = text[..exception.Index];
            FileProblem problem = new(prefix.Count((byte)'\n') + 1, prefix.Length - prefix.LastIndexOf((byte)'\n'), "the file is not text in UTF-8");
            return new(null, [problem], new(name, Encoding.UTF8.GetString(text)));
        }
    }
}
