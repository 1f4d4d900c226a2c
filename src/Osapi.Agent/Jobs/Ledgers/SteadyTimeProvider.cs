namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The time of day at the beginning of a session, which goes on by the monotonic clock: a correction of the wall clock makes the ledger forget nothing.</summary>
internal sealed class SteadyTimeProvider(TimeProvider inner) : TimeProvider
{
    private readonly DateTimeOffset began = inner.GetUtcNow();
    private readonly long beganAt = inner.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => began + inner.GetElapsedTime(beganAt);
}
