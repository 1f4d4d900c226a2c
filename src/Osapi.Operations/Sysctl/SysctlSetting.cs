namespace Osapi.Operations.Sysctl;

/// <summary>A setting of a host's kernel, and the file that sets it at boot.</summary>
public record SysctlSetting
{
    /// <summary>The name, with dots between the parts.</summary>
    public required string Key { get; init; }

    /// <summary>The value in the running kernel, which divides fields by tabs. Null for an unknown key, and for a value that cannot be read.</summary>
    /// <remarks>A value that not every user of the host may read needs the permission <c>file:content</c>; otherwise it is null.</remarks>
    public string? Value { get; init; }

    /// <summary>True when a file of <c>sysctl.value.update</c> sets it at boot.</summary>
    public bool Managed { get; init; }

    /// <summary>The value in the file <c>path</c>. Null when no file sets the key, or where the value of the kernel is not shown either.</summary>
    public string? Persisted { get; init; }

    /// <summary>The file of <c>sysctl.value.update</c>; without it, the last one that sets the key at boot; null when none does.</summary>
    public string? Path { get; init; }

    /// <summary>The file that comes after <c>path</c> at boot and sets another value; null when there is none.</summary>
    public string? OverriddenBy { get; init; }
}
