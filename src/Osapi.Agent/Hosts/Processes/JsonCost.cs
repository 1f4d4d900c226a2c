using System.Text;
using System.Text.Unicode;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>Estimates how many bytes captured bytes become in JSON: a control character is escaped by up to six, a byte that is not UTF-8 replaced by three.</summary>
internal static class JsonCost
{
    /// <summary>The most that one byte becomes.</summary>
    public const int MaxFactor = Control;

    private const int Escaped = 2, Control = 6, Replaced = 3;

    /// <summary>The estimate.</summary>
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

    // The edges may lie inside a character.
    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        for (var lead = 0; lead < 3 && !bytes.IsEmpty && (bytes[0] & 0xC0) == 0x80; lead++)
            bytes = bytes[1..];
        return Utf8.IsValid(bytes[..^PartialLength(bytes)]);
    }

    /// <summary>How many bytes at the end begin a character that is not whole.</summary>
    public static int PartialLength(ReadOnlySpan<byte> bytes) =>
        Rune.DecodeLastFromUtf8(bytes, out _, out var length) == System.Buffers.OperationStatus.NeedMoreData && !bytes.IsEmpty ? length : 0;
}
