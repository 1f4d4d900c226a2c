namespace Osapi.Operations.Sysctl;

/// <summary>The result of a change of a kernel setting: the setting as it is now.</summary>
public sealed record SysctlResult : SysctlSetting
{
    /// <summary>True when the kernel's value or the file changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The kernel's value before; null when it did not change, or is not shown.</summary>
    public string? Previous { get; init; }
}
