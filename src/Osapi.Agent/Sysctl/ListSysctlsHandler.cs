using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Sysctl;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Sysctl;

/// <summary>Runs <see cref="ListSysctls"/> on this host.</summary>
internal static class ListSysctlsHandler
{
    public static Task<SysctlList> HandleAsync(ListSysctls request, Host host, CancellationToken cancellationToken)
    {
        SysctlView view = new(host);
        var managed = view.ManagedPaths.Where(path => IsBelow(path, request.Prefix?.Path)).ToHashSet(StringComparer.Ordinal);
        Dictionary<string, KernelSetting?> found = new(StringComparer.Ordinal);
        // What this agent sets at boot is listed also when the kernel does not know it now.
        foreach (var path in request.Managed == false ? [] : managed)
            found[path] = null;
        foreach (var setting in new KernelSettings(host).Below(request.Prefix?.Path, cancellationToken))
            if (request.Managed is null || request.Managed == managed.Contains(setting.Path))
                found[setting.Path] = setting;
        return Task.FromResult(new SysctlList { Settings = [.. found.Select(each => (SysctlSetting)view.Of(each.Key, each.Value)).OrderBy(setting => setting.Key, StringComparer.Ordinal)] });
    }

    private static bool IsBelow(string path, string? prefix) => prefix is null || path == prefix || path.StartsWith(prefix + "/", StringComparison.Ordinal);
}
