namespace Osapi.Agent.Registration;

/// <summary>From where on a host is said to be in trouble. Each is passed strictly.</summary>
public sealed record ConditionThresholds
{
    /// <summary>Percent of the memory in use; 90 when not set.</summary>
    public double MemoryPressure { get; init; } = 90;

    /// <summary>Load of the last minute for each processor; 2 when not set.</summary>
    public double HighLoad { get; init; } = 2.0;

    /// <summary>Percent of a local file system in use; 90 when not set.</summary>
    public double DiskPressure { get; init; } = 90;
}
