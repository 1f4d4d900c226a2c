using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Sysctl;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Sysctl;

/// <summary>Describes kernel settings for results.</summary>
/// <param name="host">The host.</param>
internal sealed class SysctlView(Host host)
{
    private readonly SysctlFiles files = SysctlFiles.Read(host);

    /// <summary>Gets the paths of the settings that files of this agent set.</summary>
    public IEnumerable<string> ManagedPaths => from file in files.All where IsManaged(file) from line in file.Assignments where !line.IsPattern select line.Path;

    /// <summary>Gets the last file that sets a setting at boot, other than by a pattern, and its value; null when none does.</summary>
    public string? OverrideOf(ManagedSysctlFile file, string value) => files.FindOverride(file.Key.Path, value, file.Path);

    /// <summary>Describes a setting.</summary>
    /// <param name="path">The path below /proc/sys.</param>
    /// <param name="setting">The setting in the kernel; null for a key that it does not know.</param>
    public SysctlResult Of(string path, KernelSetting? setting)
    {
        var own = files.All.FirstOrDefault(file => IsManaged(file) && file.Assignments.Any(line => line.Path == path));
        var (file, value) = own is not null ? (own, own.Assignments.Last(line => line.Path == path).Value) : files.FindLast(path) ?? default;
        return new()
        {
            Key = SysctlKey.NameOf(path),
            Value = setting is null ? null : Shown(setting, setting.Value),
            Managed = own is not null,
            Persisted = host.ShowsContent || (file?.IsPublic == true && setting?.IsPublic != false) ? value : null,
            Path = file?.Path,
            OverriddenBy = own is null ? null : files.FindOverride(path, value, own.Path),
        };
    }

    /// <summary>Gets a value of a setting as the caller may see it; null when that is not the case.</summary>
    public string? Shown(KernelSetting setting, string? value) => host.ShowsContent || setting.IsPublic ? value : null;

    private static bool IsManaged(SysctlFile file) => file.IsMarked && file.Path.StartsWith($"{ManagedSysctlFile.Directory}/90-osapi-", StringComparison.Ordinal);
}
