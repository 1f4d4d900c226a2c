namespace Osapi.Transport;

/// <summary>
/// Gives memory back to the system after something large was done with. The collector alone lets large objects lie until as much
/// again was allocated, which on an idle host is never.
/// </summary>
public static class HeapTrimmer
{
    private const long LargeAllocation = 4 * 1024 * 1024;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private static int pending;

    /// <summary>Something of this size was done with. A large one has the heap collected soon, once for all that come until then.</summary>
    public static void Released(long size)
    {
        if (size < LargeAllocation || Interlocked.Exchange(ref pending, 1) != 0)
            return;
        // It ends by itself, and cannot fail.
        _ = TrimAsync();
    }

    private static async Task TrimAsync()
    {
        await Task.Delay(Delay, TimeProvider.System);
        Volatile.Write(ref pending, 0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
