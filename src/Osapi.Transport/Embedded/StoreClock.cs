namespace Osapi.Transport.Embedded;

/// <summary>
/// The store's clock. When the machine's clock steps back, it stands still at the newest time already used in a
/// message.
/// </summary>
internal sealed class StoreClock(TimeProvider time, long newest)
{
    private long newest = newest;

    public DateTimeOffset Now => new(Math.Max(time.GetUtcNow().UtcTicks, Volatile.Read(ref newest)), TimeSpan.Zero);

    /// <summary>Gets the time for a new message. Only the writer calls it.</summary>
    public DateTimeOffset Stamp()
    {
        var now = Now;
        Volatile.Write(ref newest, now.UtcTicks);
        return now;
    }
}
