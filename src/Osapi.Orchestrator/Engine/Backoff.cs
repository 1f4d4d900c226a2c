namespace Osapi.Orchestrator.Engine;

/// <summary>Calculates the delay before a retry.</summary>
internal static class Backoff
{
    /// <summary>Returns the delay after the given attempt, counted from 1: doubled each time up to the maximum, without jitter.</summary>
    public static TimeSpan Delay(RetryStrategy strategy, int attempt)
    {
        var ticks = strategy.Initial.Ticks * Math.Pow(2, attempt - 1);
        var maxTicks = Math.Min(strategy.Max.Ticks, TimeLimits.MaxTimeout.Ticks);
        return ticks < maxTicks ? TimeSpan.FromTicks((long)ticks) : TimeSpan.FromTicks(maxTicks);
    }

    /// <summary>Shortens a delay by up to a fifth. It never exceeds the maximum.</summary>
    public static TimeSpan Jittered(TimeSpan delay, double random) => delay - (delay / 5 * random);
}
