namespace Osapi.Operations.Sysctl;

/// <summary>Kernel settings of a host.</summary>
public sealed record SysctlList
{
    /// <summary>The settings, by key.</summary>
    public required IReadOnlyList<SysctlSetting> Settings { get; init; }
}
