using System.Runtime.CompilerServices;

namespace Osapi.Orchestrator;

/// <summary>What a timer can wait.</summary>
internal static class TimeLimits
{
    /// <summary>The longest wait of a <see cref="Timer"/>.</summary>
    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static void ThrowIfNoTimer(TimeSpan limit, [CallerArgumentExpression(nameof(limit))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxTimeout, name);
    }
}
