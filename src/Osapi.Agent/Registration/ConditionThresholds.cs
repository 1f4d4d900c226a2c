namespace Osapi.Agent.Registration;

/// <summary>The thresholds of a host's conditions. A condition is true when its value is above the threshold.</summary>
public sealed record ConditionThresholds
{
    /// <summary>The memory usage (percent) above which MemoryPressure is true; default 90.</summary>
    public double MemoryPressure { get; init; } = 90;

    /// <summary>The load of the last minute per processor above which HighLoad is true; default 2.</summary>
    public double HighLoad { get; init; } = 2.0;

    /// <summary>The usage of a local file system (percent) above which DiskPressure is true; default 90.</summary>
    public double DiskPressure { get; init; } = 90;
}
