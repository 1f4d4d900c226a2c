using System.Runtime.InteropServices;

namespace Osapi.Cli.Streams;

/// <summary>
/// Standard output or standard error. Writing never throws: the first failure is kept, and nothing is written after it, so that a
/// full disk or a closed pipe does not silently change the work of a command or its exit code.
/// </summary>
/// <param name="descriptor">The file descriptor.</param>
/// <param name="isClosed">True when the caller closed it.</param>
internal sealed partial class StandardStream(int descriptor, bool isClosed)
{
    private const int BadDescriptor = 9;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int BrokenPipe = 32;
    private const short Writable = 4;

    private readonly Lock gate = new();
    private int error;

    /// <summary>Called once, when writing fails for another reason than a closed pipe.</summary>
    public Action<string>? Failed { get; set; }

    /// <summary>True when the reader is gone, as after <c>| head -1</c>.</summary>
    public bool IsReaderGone => Volatile.Read(ref error) == BrokenPipe;

    /// <summary>The reason for the failure; null when there was none, or when only the reader is gone.</summary>
    public string? Failure => Volatile.Read(ref error) is not (0 or BrokenPipe) and var number ? Marshal.GetPInvokeErrorMessage(number) : null;

    /// <summary>True after any failure: nothing more is written.</summary>
    public bool HasFailed => Volatile.Read(ref error) != 0;

    /// <summary>Writes all bytes; does nothing once writing has failed.</summary>
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
        // Another process with the same stream has made it non-blocking (fcntl(2), O_NONBLOCK).
        if (number == WouldBlock)
        {
            PollDescriptor descriptors = new() { Descriptor = descriptor, Events = Writable };
            _ = Wait(ref descriptors, 1, -1);
            return;
        }

        Volatile.Write(ref error, number);
        if (number != BrokenPipe)
            Failed?.Invoke(Marshal.GetPInvokeErrorMessage(number));
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Wait(ref PollDescriptor descriptors, nuint count, int milliseconds);

    // struct pollfd (poll(2)).
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
