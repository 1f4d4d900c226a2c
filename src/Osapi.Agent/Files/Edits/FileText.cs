using System.Text;
using System.Text.Unicode;
using Osapi.Operations;

namespace Osapi.Agent.Files.Edits;

/// <summary>The text of a file. Every byte that an edit does not replace survives.</summary>
/// <remarks>A file that is not valid UTF-8 is taken for Latin-1, where each byte is a character. A byte order mark is kept apart.</remarks>
internal sealed class FileText
{
    private static readonly UTF8Encoding Utf8Text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] mark;
    private readonly Encoding encoding;
    private IReadOnlyList<TextLine>? lines;

    private FileText(byte[] mark, Encoding encoding, string text) => (this.mark, this.encoding, Text) = (mark, encoding, text);

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The lines. Their concatenation is the text.</summary>
    public IReadOnlyList<TextLine> Lines => lines ??= [.. Split(Text)];

    /// <summary>The end of a new line: that of the first line, or <c>\n</c>.</summary>
    public string LineBreak => Lines is [{ Break: "\r\n" }, ..] ? "\r\n" : "\n";

    /// <summary>Decodes a file.</summary>
    /// <exception cref="OperationException">It is not text: it has a NUL byte.</exception>
    public static FileText Of(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
            throw new OperationException(ErrorType.Conflict, $"{path} is not a text file: it contains NUL bytes");
        var mark = bytes.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.ToArray() : [];
        var content = bytes[mark.Length..];
        Encoding encoding = Utf8.IsValid(content) ? Utf8Text : Encoding.Latin1;
        return new(mark, encoding, encoding.GetString(content));
    }

    /// <summary>Encodes a changed text as the file was.</summary>
    /// <exception cref="OperationException">The file is Latin-1, and the new text has characters that it lacks.</exception>
    public byte[] Encode(string path, string text)
    {
        if (encoding == Encoding.Latin1 && text.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff'))
            throw new OperationException(ErrorType.Conflict, $"{path} is not valid UTF-8, and is edited as Latin-1, which lacks characters of the new text");
        return [.. mark, .. encoding.GetBytes(text)];
    }

    private static IEnumerable<TextLine> Split(string text)
    {
        for (var begin = 0; begin < text.Length;)
        {
            var at = text.IndexOf('\n', begin);
            if (at < 0)
            {
                yield return new(text[begin..], "");
                yield break;
            }

            var isWide = at > begin && text[at - 1] == '\r';
            yield return isWide ? new(text[begin..(at - 1)], "\r\n") : new(text[begin..at], "\n");
            begin = at + 1;
        }
    }
}
