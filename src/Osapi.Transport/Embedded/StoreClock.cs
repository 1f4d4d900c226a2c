namespace Osapi.Transport.Embedded;

/// <summary>The store's clock. It stands still rather than step back behind a time that a message already carries, whatever the machine's clock does.</summary>
internal sealed class StoreClock(TimeProvider time, long newest)
{
    private long newest = newest;

    public DateTimeOffset Now => new(Math.Max(time.GetUtcNow().UtcTicks, Volatile.Read(ref newest)), TimeSpan.Zero);

    /// <summary>The time of a new message. Only the writer stamps.</summary>
    public DateTimeOffset Stamp()
    {
        var now = Now;
        Volatile.Write(ref newest, now.UtcTicks);
        return now;
    }
}
