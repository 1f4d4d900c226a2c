namespace Osapi.Controller.Limits;

/// <summary>Counts usage per caller and in total, and refuses more than the limits.</summary>
/// <param name="perCaller">The limit per caller.</param>
/// <param name="inAll">The limit in total.</param>
internal sealed class Quota(long perCaller, long inAll)
{
    private readonly Dictionary<string, long> used = [];
    private readonly Lock gate = new();
    private long total;

    /// <summary>The total usage.</summary>
    public long Total => Volatile.Read(ref total);

    /// <summary>Acquires an amount for a caller, all of it or nothing.</summary>
    public QuotaAnswer Acquire(string caller, long amount)
    {
        lock (gate)
        {
            var own = used.GetValueOrDefault(caller) + amount;
            if (own > perCaller)
                return QuotaAnswer.CallerHasAll;
            if (total + amount > inAll)
                return QuotaAnswer.NothingLeft;
            used[caller] = own;
            total += amount;
            return QuotaAnswer.Granted;
        }
    }

    /// <summary>Releases an amount.</summary>
    public void Release(string caller, long amount)
    {
        lock (gate)
        {
            total -= amount;
            // Unused entries are removed: callers come and go.
            if ((used[caller] -= amount) == 0)
                used.Remove(caller);
        }
    }
}

/// <summary>The result of a request for an amount.</summary>
internal enum QuotaAnswer
{
    /// <summary>The amount is acquired until it is released.</summary>
    Granted,

    /// <summary>The caller's limit is reached.</summary>
    CallerHasAll,

    /// <summary>The limit in total is reached.</summary>
    NothingLeft,
}
