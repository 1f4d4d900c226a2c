namespace Osapi.Orchestrator.Tests;

/// <summary>
/// A clock that advances by itself, to the next timer or sleeper, exactly when nothing else can happen: the loop is
/// idle and every running body sleeps.
/// </summary>
/// <remarks>One sleeper wakes at a time, so every run is the same.</remarks>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private readonly SortedSet<Entry> entries = [];
    private long now;
    private long created;
    private int running = -1;
    private bool firing;
    private int idle = -1;
    private int extra;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref now));

    public override long GetTimestamp() => Interlocked.Read(ref now);

    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(Interlocked.Read(ref now));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Entry entry = new(this) { Wake = () => callback(state), Order = Interlocked.Increment(ref created) + int.MaxValue };
        if (dueTime != Timeout.InfiniteTimeSpan)
            Add(entry, dueTime);
        return entry;
    }

    /// <summary>Lets time pass in a body. The place decides the order of those that wake at the same time.</summary>
    public async Task SleepAsync(int place, TimeSpan duration, CancellationToken cancellationToken)
    {
        TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Entry entry = new(this) { Wake = woken.SetResult, Order = place, IsBody = true, Token = cancellationToken };
        Add(entry, duration);
        await using var registration = cancellationToken.Register(() =>
        {
            if (Remove(entry))
                woken.SetCanceled(cancellationToken);
        });
        GoOn();
        await woken.Task;
    }

    /// <summary>Changes the number of sleepers to wait for beyond one for each running body: a call of several hosts has one for each.</summary>
    public void Expect(int more) => Interlocked.Add(ref extra, more);

    /// <summary>Lets time go on after a sleeper that has ended without a signal to the loop.</summary>
    public void Resume()
    {
        lock (gate)
            running = idle;
        GoOn();
    }

    /// <summary>The callback for <see cref="PlanOptions.WhenIdle"/>.</summary>
    public void Idle(int runningBodies)
    {
        lock (gate)
        {
            running = runningBodies;
            if (runningBodies >= 0)
                idle = runningBodies;
        }

        GoOn();
    }

    private void GoOn()
    {
        Entry? next;
        lock (gate)
        {
            if (firing || running < 0 || entries.Count == 0 || entries.Count(entry => entry.IsBody) < running + extra || entries.Any(entry => entry.Token.IsCancellationRequested))
                return;
            next = entries.Min!;
            entries.Remove(next);
            Interlocked.Exchange(ref now, Math.Max(now, next.Due));
            firing = true;
            running = -1;
        }

        next.Wake();
        lock (gate)
            firing = false;
        GoOn();
    }

    private void Add(Entry entry, TimeSpan delay)
    {
        lock (gate)
        {
            entry.Due = now + delay.Ticks;
            entries.Add(entry);
        }
    }

    private bool Remove(Entry entry)
    {
        lock (gate)
            return entries.Remove(entry);
    }

    private sealed class Entry(VirtualTime time) : ITimer, IComparable<Entry>
    {
        private readonly long number = Interlocked.Increment(ref time.created);

        public required Action Wake { get; init; }

        public required long Order { get; init; }

        public bool IsBody { get; init; }

        public CancellationToken Token { get; init; }

        public long Due { get; set; }

        // Two sleepers of one place may wake at the same time: without a third criterion the set would drop one.
        public int CompareTo(Entry? other) => (Due, Order, number).CompareTo((other!.Due, other.Order, other.number));

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => time.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
