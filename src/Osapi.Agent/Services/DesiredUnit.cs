using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>The desired state of a unit; null means unchanged.</summary>
/// <param name="Running">True for active, false for inactive.</param>
/// <param name="Enabled">True for enabled, false for disabled.</param>
/// <param name="Masked">True for masked.</param>
internal sealed record DesiredUnit(bool? Running = null, bool? Enabled = null, bool? Masked = null)
{
    /// <summary>The time that it must stay up after a start.</summary>
    public TimeSpan Settle { get; init; }

    /// <summary>True to reset the count of failed starts before a start.</summary>
    public bool ResetsFailed { get; init; } = true;

    /// <summary>Gets the time that a started unit must stay up; the default when none is given.</summary>
    public static TimeSpan SettleOf(int? seconds) => TimeSpan.FromSeconds(seconds ?? ServiceExamples.Settle);
}
