using System.Buffers;

namespace Osapi.Client;

/// <summary>Keeps JSON that arrives in parts, with only the beginning of each long text: what is decided from it needs no more.</summary>
internal sealed class ShortenedJson
{
    // A multiple of four, so that the beginning of Base64 is Base64.
    private const int MaxText = 1024;

    private const int LongEscape = 6;

    private readonly ArrayBufferWriter<byte> kept = new();
    private readonly byte[] escape = new byte[LongEscape];
    private int escapeLength;
    private bool isText;
    private int length;
    private bool isCut;
    // The second half of a pair of surrogates must follow its first.
    private bool isHalf;

    /// <summary>The text that was kept so far.</summary>
    public ReadOnlySpan<byte> Kept => kept.WrittenSpan;

    /// <summary>Adds the next part.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        while (!part.IsEmpty)
        {
            var plain = Math.Max(1, PlainLength(part));
            if (!isText)
                AddOutside(part[..plain]);
            else if (escapeLength > 0 || part[0] is (byte)'\\')
                AddEscaped(part[0]);
            else if (part[0] is (byte)'"')
                EndText();
            else
                AddText(part[..plain]);
            part = part[plain..];
        }
    }

    // The number of bytes that are treated alike: up to the next one with a meaning, or to the limit.
    private int PlainLength(ReadOnlySpan<byte> part)
    {
        if (escapeLength > 0)
            return 0;
        var next = isText ? part.IndexOfAny((byte)'"', (byte)'\\') : part.IndexOf((byte)'"');
        var plain = next < 0 ? part.Length : next;
        return isText && !isCut ? Math.Clamp(MaxText - length, 0, plain) : plain;
    }

    private void AddOutside(ReadOnlySpan<byte> bytes)
    {
        kept.Write(bytes);
        (isText, length) = (bytes[0] is (byte)'"', 0);
    }

    private void EndText()
    {
        kept.Write("\""u8);
        (isText, isCut, isHalf) = (false, false, false);
    }

    private void AddEscaped(byte next)
    {
        escape[escapeLength++] = next;
        if (escapeLength < 2 || (escape[1] is (byte)'u' && escapeLength < LongEscape))
            return;
        var bytes = escape.AsSpan(0, escapeLength);
        AddText(bytes);
        // U+D800 to U+DBFF.
        isHalf = escapeLength == LongEscape && (char)(bytes[2] | 0x20) is 'd' && (char)(bytes[3] | 0x20) is '8' or '9' or 'a' or 'b';
        escapeLength = 0;
    }

    private void AddText(ReadOnlySpan<byte> bytes)
    {
        isCut |= length >= MaxText && !isHalf && !IsContinuation(bytes[0]);
        if (!isCut)
            kept.Write(bytes);
        // It stays far from an overflow.
        length = Math.Min(length + bytes.Length, 2 * MaxText);
        isHalf = false;
    }

    // A byte of UTF-8 that is not the first of its character.
    private static bool IsContinuation(byte next) => (next & 0xC0) == 0x80;
}
