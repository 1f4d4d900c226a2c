namespace Osapi.Agent.Tests.Jobs;

/// <summary>
/// A clock that runs fifty times as fast as the machine's, so that delays and redeliveries are short and in order.
/// </summary>
internal sealed class AcceleratedTimeProvider : TimeProvider
{
    private const int Times = 50;

    private readonly DateTimeOffset began = System.GetUtcNow();

    public override long TimestampFrequency => System.TimestampFrequency / Times;

    public override DateTimeOffset GetUtcNow() => began + (System.GetUtcNow() - began) * Times;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new AcceleratedTimer(System.CreateTimer(callback, state, Sooner(dueTime), Sooner(period)));

    // A timer counts whole milliseconds: rounded up, or it would fire too early.
    private static TimeSpan Sooner(TimeSpan time) =>
        time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Ceiling((time / Times).TotalMilliseconds));

    private sealed class AcceleratedTimer(ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(Sooner(dueTime), Sooner(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
