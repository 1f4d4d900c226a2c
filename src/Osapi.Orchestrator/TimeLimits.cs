using System.Runtime.CompilerServices;

namespace Osapi.Orchestrator;

/// <summary>The limits of timers.</summary>
internal static class TimeLimits
{
    /// <summary>The maximum time of a <see cref="Timer"/>.</summary>
    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static void ThrowIfNoTimer(TimeSpan limit, [CallerArgumentExpression(nameof(limit))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxTimeout, name);
    }
}
