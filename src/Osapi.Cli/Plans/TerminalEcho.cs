using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Osapi.Cli.Plans;

/// <summary>The echo of the terminal at standard input, switched off until disposal.</summary>
internal sealed partial class TerminalEcho : IDisposable
{
    // struct termios of Linux, the same on x64 and arm64: c_lflag is the fourth of its numbers of 32 bits.
    private const int Size = 128;
    private const int LocalFlags = 12;
    private const uint Echo = 8;

    // TCSAFLUSH: what was typed before the question is dropped.
    private const int Flush = 2;
    private const int Drain = 1;
    private readonly byte[] before;

    private TerminalEcho(byte[] before) => this.before = before;

    /// <exception cref="InvalidOperationException">The terminal cannot be set, so that the answer would be shown.</exception>
    public static TerminalEcho Off()
    {
        var before = new byte[Size];
        if (GetAttributes(0, before) != 0)
            throw new InvalidOperationException("the terminal cannot be set to hide the answer");
        byte[] hidden = [.. before];
        var flags = hidden.AsSpan(LocalFlags);
        BinaryPrimitives.WriteUInt32LittleEndian(flags, BinaryPrimitives.ReadUInt32LittleEndian(flags) & ~Echo);
        return SetAttributes(0, Flush, hidden) == 0 ? new(before) : throw new InvalidOperationException("the terminal cannot be set to hide the answer");
    }

    public void Dispose() => _ = SetAttributes(0, Drain, before);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, Span<byte> attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int when, ReadOnlySpan<byte> attributes);
}
