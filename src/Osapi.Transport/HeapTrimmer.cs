using System.Runtime;
using System.Runtime.InteropServices;

namespace Osapi.Transport;

/// <summary>Returns memory to the operating system after a large allocation was released.</summary>
/// <remarks>
/// The garbage collector alone keeps large free blocks until as much again was allocated, which never happens on an
/// idle host.
/// </remarks>
public static partial class HeapTrimmer
{
    private const long LargeAllocation = 4 * 1024 * 1024;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private static int pending;

    /// <summary>
    /// Reports that an allocation of this size was released. A large one schedules a compacting collection, one for all
    /// that arrive until then.
    /// </summary>
    public static void Released(long size)
    {
        if (size < LargeAllocation || Interlocked.Exchange(ref pending, 1) != 0)
            return;
        // Fire and forget: the task ends by itself and cannot fail.
        _ = TrimAsync();
    }

    private static async Task TrimAsync()
    {
        await Task.Delay(Delay, TimeProvider.System);
        Volatile.Write(ref pending, 0);
        // Otherwise the buffers that are kept hold the regions of those that are gone.
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        TrimNative();
    }

    // Libraries allocate as well, on the threads that happen to call them: their allocator keeps what is free in between. Other C libraries than glibc
    // have no such function.
    private static void TrimNative()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Then it stays as it is.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
