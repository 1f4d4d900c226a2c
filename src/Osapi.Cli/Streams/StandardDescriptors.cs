using System.Runtime.InteropServices;

namespace Osapi.Cli.Streams;

/// <summary>The three standard file descriptors.</summary>
internal static partial class StandardDescriptors
{
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;

    private static readonly bool[] closed = new bool[3];

    /// <summary>Determines whether the caller closed a descriptor, even if it is in use now.</summary>
    public static bool IsClosed(int descriptor) => closed[descriptor];

    /// <summary>
    /// Opens the descriptors that the caller closed (<c>osapi ... &gt;&amp;-</c>). Otherwise the next opened file, such as the
    /// store's, would get the number, and output would be written into it. The new descriptors can neither be read nor written, as if
    /// they were closed.
    /// </summary>
    public static void Reserve()
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            var flags = Control(descriptor, GetFlags, 0);
            // A descriptor of the caller survived exec(2). One with close-on-exec was opened by the runtime in the meantime.
            closed[descriptor] = flags < 0 || (flags & CloseOnExec) != 0;
            // open(2) uses the lowest free number.
            if (flags < 0)
                _ = Open("/dev/null", descriptor == 0 ? WriteOnly : ReadOnly);
        }
    }

    // Declared without the variadic argument, which uses the same calling convention on all supported architectures.
    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
