namespace Osapi.Controller.Limits;

/// <summary>Counts what is in use, by each caller and by all of them, and refuses what would be more than either may have.</summary>
/// <param name="perCaller">The most that one caller may use.</param>
/// <param name="inAll">The most that all callers may use together.</param>
internal sealed class Quota(long perCaller, long inAll)
{
    private readonly Dictionary<string, long> used = [];
    private readonly Lock gate = new();
    private long total;

    /// <summary>How much all callers use.</summary>
    public long Total => Volatile.Read(ref total);

    /// <summary>Takes an amount for a caller, all of it or nothing.</summary>
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

    /// <summary>Gives an amount back.</summary>
    public void Release(string caller, long amount)
    {
        lock (gate)
        {
            total -= amount;
            // What nobody uses is not remembered: callers come and go.
            if ((used[caller] -= amount) == 0)
                used.Remove(caller);
        }
    }
}

/// <summary>The answer to somebody who wants to use something.</summary>
internal enum QuotaAnswer
{
    /// <summary>It is the caller's until it is given back.</summary>
    Granted,

    /// <summary>The caller uses as much as one may.</summary>
    CallerHasAll,

    /// <summary>All callers together use all there is.</summary>
    NothingLeft,
}
