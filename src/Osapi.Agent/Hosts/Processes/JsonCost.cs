using System.Text;
using System.Text.Unicode;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// Estimates the size of captured bytes in JSON: a control character becomes up to six bytes, invalid UTF-8 three per
/// byte.
/// </summary>
internal static class JsonCost
{
    /// <summary>The maximum growth of one byte.</summary>
    public const int MaxFactor = Control;

    private const int Escaped = 2, Control = 6, Replaced = 3;

    /// <summary>Estimates the size.</summary>
    public static int Of(ReadOnlySpan<byte> bytes)
    {
        var other = IsText(bytes) ? 1 : Replaced;
        var cost = 0;
        foreach (var octet in bytes)
            cost += octet switch
            {
                (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'\b' or (byte)'\f' or (byte)'"' or (byte)'\\' => Escaped,
                < 0x20 => Control,
                < 0x80 => 1,
                _ => other,
            };
        return cost;
    }

    // The first and last character may be incomplete.
    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        for (var lead = 0; lead < 3 && !bytes.IsEmpty && (bytes[0] & 0xC0) == 0x80; lead++)
            bytes = bytes[1..];
        return Utf8.IsValid(bytes[..^PartialLength(bytes)]);
    }

    /// <summary>Counts the bytes at the end that start an incomplete character.</summary>
    public static int PartialLength(ReadOnlySpan<byte> bytes) =>
        Rune.DecodeLastFromUtf8(bytes, out _, out var length) == System.Buffers.OperationStatus.NeedMoreData && !bytes.IsEmpty ? length : 0;
}
