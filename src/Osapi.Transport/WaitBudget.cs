namespace Osapi.Transport;

/// <summary>
/// The total time that one request may wait for a broker that does not answer, over all of its calls. It applies to every call in the
/// asynchronous flow that began it, until it is disposed: work that continues afterwards has its own time limits.
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

    /// <summary>The duration up to which a call is not counted, because many quick calls are not a wait.</summary>
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

    /// <summary>Begins the budget of a request, which applies until it is disposed.</summary>
    public static WaitBudget Begin(TimeSpan limit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Ambient.Value = new(limit, time);
    }

    /// <summary>Begins one call or wait, which is counted until it is disposed. Without a budget nothing is counted.</summary>
    public static CountedWait Enter() => Current is { } budget ? new(budget, budget.time.GetTimestamp()) : default;

    /// <summary>Resets the spent time: a transfer in pieces has not stalled while the next piece arrives.</summary>
    public static void Renew()
    {
        if (Current is not { } budget)
            return;
        lock (budget.gate)
            budget.spent = TimeSpan.Zero;
    }

    /// <summary>Waits for a task that depends on the broker, at most for the rest of the budget; without a budget, without a limit.</summary>
    /// <exception cref="TransportException">The budget is spent.</exception>
    public static async Task<T> WaitAsync<T>(Task<T> task, string timeoutMessage, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (Current is not { } budget)
            return await task.WaitAsync(cancellationToken);
        using var waiting = Enter();
        try
        {
            return await task.WaitAsync(waiting.AtMost(Timeout.InfiniteTimeSpan), budget.time, cancellationToken);
        }
        catch (TimeoutException late) when (!task.IsCompleted)
        {
            throw new TransportException(timeoutMessage, late);
        }
    }

    /// <summary>Ends the budget.</summary>
    public void Dispose() => ended = true;

    // Concurrent calls count as one wait.
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

        /// <summary>True when the budget is spent.</summary>
        public bool IsOver => budget is not null && budget.time.GetElapsedTime(began) >= budget.Left + Uncounted;

        /// <summary>Returns the shorter of a time limit and the rest of the budget.</summary>
        public TimeSpan AtMost(TimeSpan timeout) =>
            budget is null ? timeout : timeout == Timeout.InfiniteTimeSpan ? budget.Left + Uncounted : Smaller(timeout, budget.Left + Uncounted);

        /// <inheritdoc/>
        public void Dispose() => budget?.Spend(began);
    }
}
