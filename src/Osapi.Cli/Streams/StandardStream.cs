using System.Runtime.InteropServices;

namespace Osapi.Cli.Streams;

/// <summary>
/// Standard output or standard error. Writing never throws: the first failure is kept, and nothing is written after it, so that a
/// full disk or a reader that went away changes neither what a command does nor its exit code without a word.
/// </summary>
/// <param name="descriptor">Its file descriptor.</param>
/// <param name="isClosed">True when the caller closed it.</param>
internal sealed partial class StandardStream(int descriptor, bool isClosed)
{
    private const int BadDescriptor = 9;
    private const int Interrupted = 4;
    private const int Again = 11;
    private const int BrokenPipe = 32;
    private const short Writable = 4;

    private readonly Lock gate = new();
    private int error;

    /// <summary>Called once, when writing failed for another reason than that the reader went away.</summary>
    public Action<string>? Failing { get; set; }

    /// <summary>True when nobody reads any more, as after <c>| head -1</c>.</summary>
    public bool IsReaderGone => Volatile.Read(ref error) == BrokenPipe;

    /// <summary>The reason why writing failed; null when it did not, or when only the reader went away.</summary>
    public string? Failure => Volatile.Read(ref error) is not (0 or BrokenPipe) and var number ? Marshal.GetPInvokeErrorMessage(number) : null;

    /// <summary>True when nothing more can be written.</summary>
    public bool HasFailed => Volatile.Read(ref error) != 0;

    /// <summary>Writes everything, or nothing more once writing has failed.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
            while (!bytes.IsEmpty && error == 0)
            {
                var written = isClosed ? -1 : Write(descriptor, bytes, bytes.Length);
                if (written >= 0)
                    bytes = bytes[(int)written..];
                else
                    Fail(isClosed ? BadDescriptor : Marshal.GetLastPInvokeError());
            }
    }

    private void Fail(int number)
    {
        if (number == Interrupted)
            return;
        // Whoever shares the stream has made it non-blocking (fcntl(2), O_NONBLOCK).
        if (number == Again)
        {
            Waited wanted = new() { Descriptor = descriptor, Events = Writable };
            _ = Wait(ref wanted, 1, -1);
            return;
        }

        Volatile.Write(ref error, number);
        if (number != BrokenPipe)
            Failing?.Invoke(Marshal.GetPInvokeErrorMessage(number));
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Wait(ref Waited descriptors, nuint count, int milliseconds);

    // struct pollfd (poll(2)).
    [StructLayout(LayoutKind.Sequential)]
    private struct Waited
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
