namespace Osapi.Orchestrator.Engine;

/// <summary>How long to wait before a retry.</summary>
internal static class Backoff
{
    /// <summary>The wait after the given attempt, counted from 1: doubled each time and clamped, without the random part.</summary>
    public static TimeSpan Delay(RetryStrategy strategy, int attempt)
    {
        var ticks = strategy.Initial.Ticks * Math.Pow(2, attempt - 1);
        var longest = Math.Min(strategy.Max.Ticks, TimeLimits.MaxTimeout.Ticks);
        return ticks < longest ? TimeSpan.FromTicks((long)ticks) : TimeSpan.FromTicks(longest);
    }

    /// <summary>Shortens a wait by up to a fifth. Never longer, so that the clamp holds.</summary>
    public static TimeSpan Jittered(TimeSpan delay, double random) => delay - (delay / 5 * random);
}
