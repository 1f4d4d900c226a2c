using System.Runtime.InteropServices;

namespace Osapi.Cli.Streams;

/// <summary>The first three file descriptors.</summary>
internal static partial class StandardDescriptors
{
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;

    private static readonly bool[] closed = new bool[3];

    /// <summary>Determines whether the caller closed a descriptor, whoever has it now.</summary>
    public static bool IsClosed(int descriptor) => closed[descriptor];

    /// <summary>
    /// Fills those that the caller closed (<c>osapi ... &gt;&amp;-</c>). Otherwise the next file that is opened, such as the store's,
    /// would get the number, and answers would be written into it. What fills them can neither be read nor written, as if they were closed.
    /// </summary>
    public static void Reserve()
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            var flags = Control(descriptor, GetFlags, 0);
            // What came from the caller survived exec(2). A descriptor that would not is one that the runtime has opened for itself in the meantime.
            closed[descriptor] = flags < 0 || (flags & CloseOnExec) != 0;
            // The lowest free number is the one that open takes (open(2)).
            if (flags < 0)
                _ = Open("/dev/null", descriptor == 0 ? WriteOnly : ReadOnly);
        }
    }

    // Without the variadic argument, which needs no other convention on the architectures that are built for.
    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
