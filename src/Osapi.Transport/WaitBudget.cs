namespace Osapi.Transport;

/// <summary>
/// The time that one request may wait for a broker that does not answer, in all of its calls together. It holds for every call that is made in the
/// flow of whoever began it, and for none after its end: what goes on then has its own time.
/// </summary>
public sealed class WaitBudget : IDisposable
{
    private static readonly AsyncLocal<WaitBudget?> Ambient = new();

    private readonly TimeSpan limit;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private TimeSpan spent;
    private long countedUpTo;
    private volatile bool ended;

    private WaitBudget(TimeSpan limit, TimeProvider time) => (this.limit, this.time, countedUpTo) = (limit, time, time.GetTimestamp());

    /// <summary>The time that a call may take without being counted: many that are answered are no wait.</summary>
    public static TimeSpan Uncounted { get; } = TimeSpan.FromMilliseconds(100);

    private static WaitBudget? Current => Ambient.Value is { ended: false } budget ? budget : null;

    private TimeSpan Left
    {
        get
        {
            lock (gate)
                return spent < limit ? limit - spent : TimeSpan.Zero;
        }
    }

    /// <summary>Begins the budget of a request: it holds until it is disposed.</summary>
    public static WaitBudget Begin(TimeSpan limit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Ambient.Value = new(limit, time);
    }

    /// <summary>Begins one call or wait, which is counted until it is disposed. Without a budget there is nothing to count.</summary>
    public static CountedWait Enter() => Current is { } budget ? new(budget, budget.time.GetTimestamp()) : default;

    /// <summary>Gives back what was spent: what is moved piece by piece has not stood still as long as the next piece came.</summary>
    public static void Renew()
    {
        if (Current is not { } budget)
            return;
        lock (budget.gate)
            budget.spent = TimeSpan.Zero;
    }

    /// <summary>Waits for something that comes by way of the broker, at most as long as the budget lasts; without one as long as it takes.</summary>
    /// <exception cref="TransportException">The budget is spent.</exception>
    public static async Task<T> WaitAsync<T>(Task<T> something, string otherwise, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(something);
        if (Current is not { } budget)
            return await something.WaitAsync(cancellationToken);
        using var waiting = Enter();
        try
        {
            return await something.WaitAsync(waiting.AtMost(Timeout.InfiniteTimeSpan), budget.time, cancellationToken);
        }
        catch (TimeoutException late) when (!something.IsCompleted)
        {
            throw new TransportException(otherwise, late);
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => ended = true;

    // Calls that are made at once are one wait.
    private void Spend(long began)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var took = Smaller(time.GetElapsedTime(began, now) - Uncounted, time.GetElapsedTime(countedUpTo, now));
            if (took <= TimeSpan.Zero)
                return;
            spent += took;
            countedUpTo = now;
        }
    }

    private static TimeSpan Smaller(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>One call, or one wait, of a request.</summary>
    public readonly struct CountedWait : IDisposable
    {
        private readonly WaitBudget? budget;
        private readonly long began;

        internal CountedWait(WaitBudget budget, long began) => (this.budget, this.began) = (budget, began);

        /// <summary>True when the budget does not last until now.</summary>
        public bool IsOver => budget is not null && budget.time.GetElapsedTime(began) >= budget.Left + Uncounted;

        /// <summary>The time for which it may go on, where it would otherwise have this one.</summary>
        public TimeSpan AtMost(TimeSpan otherwise) =>
            budget is null ? otherwise : otherwise == Timeout.InfiniteTimeSpan ? budget.Left + Uncounted : Smaller(otherwise, budget.Left + Uncounted);

        /// <inheritdoc/>
        public void Dispose() => budget?.Spend(began);
    }
}
