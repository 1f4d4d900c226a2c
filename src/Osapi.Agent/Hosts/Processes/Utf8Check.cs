using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>Checks that bytes that come in parts are valid UTF-8.</summary>
internal sealed class Utf8Check
{
    private const int MaxLength = 4;

    // The incomplete character at the end of the bytes so far.
    private readonly byte[] partial = new byte[MaxLength];
    private int partialLength;

    /// <summary>False when the bytes so far cannot be the beginning of valid UTF-8.</summary>
    public bool IsValid { get; private set; } = true;

    /// <summary>True when the bytes so far end within a character.</summary>
    public bool IsPartial => partialLength > 0;

    /// <summary>Adds the next part.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (IsValid && IsPartial && !bytes.IsEmpty)
        {
            partial[partialLength++] = bytes[0];
            bytes = bytes[1..];
            var status = Rune.DecodeFromUtf8(partial.AsSpan(0, partialLength), out _, out _);
            IsValid = status != OperationStatus.InvalidData;
            if (status == OperationStatus.Done)
                partialLength = 0;
        }

        if (!IsValid || IsPartial)
            return;
        partialLength = JsonCost.PartialLength(bytes);
        IsValid = Utf8.IsValid(bytes[..^partialLength]);
        bytes[^partialLength..].CopyTo(partial);
    }
}
