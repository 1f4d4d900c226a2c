using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Sysctl;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Sysctl;

/// <summary>Runs <see cref="GetSysctl"/> on this host.</summary>
internal static class GetSysctlHandler
{
    public static Task<SysctlSetting> HandleAsync(GetSysctl request, Host host, CancellationToken cancellationToken)
    {
        KernelSettings kernel = new(host);
        var setting = kernel.Find(request.Key.Path);
        SysctlSetting view = new SysctlView(host).Of(request.Key.Path, setting);
        return setting is null && !view.Managed ? throw kernel.Unknown(request.Key.Path) : Task.FromResult(view);
    }
}
