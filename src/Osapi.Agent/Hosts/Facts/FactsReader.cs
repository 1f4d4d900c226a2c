using System.Runtime.InteropServices;
using Osapi.Agent.Hosts.Identity;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Operations;
using Osapi.Operations.Facts;

namespace Osapi.Agent.Hosts.Facts;

/// <summary>Reads the facts of the machine. A fact that cannot be read is null and does not affect the others.</summary>
internal static class FactsReader
{
    public static async Task<HostFacts> ReadFactsAsync(this Host host, CancellationToken cancellationToken)
    {
        var osHostname = Try(host.ReadHostname);
        var routes = FactsRoutes.Read(host);
        return new()
        {
            Hostname = host.Name,
            OsHostname = osHostname,
            Fqdn = osHostname is null ? null : await FactsName.FullAsync(host, osHostname, cancellationToken),
            OsInfo = Try(host.ReadOs),
            KernelVersion = Try(() => host.Read("/proc/sys/kernel/osrelease").Trim()) is { Length: > 0 } release ? release : null,
            Architecture = Architecture(RuntimeInformation.OSArchitecture),
            CpuCount = FactsProcessors.Count(host),
            MemoryTotal = Try(host.ReadMemory)?.Total,
            PrimaryInterface = FactsRoutes.Primary(routes),
            ServiceMgr = FactsSoftware.ServiceManager(host),
            PackageMgr = FactsSoftware.PackageManager(host),
            Container = FactsContainer.Find(host),
            Interfaces = Try(host.Interfaces) ?? [],
            Routes = routes,
            Facts = host.CustomFacts,
        };
    }

    /// <summary>Gets the architecture as <c>uname -m</c> names it.</summary>
    internal static string Architecture(Architecture architecture) => architecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x86_64",
        System.Runtime.InteropServices.Architecture.X86 => "i686",
        System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
        System.Runtime.InteropServices.Architecture.Arm => "armv7l",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is OperationException or IOException or UnauthorizedAccessException or System.Net.NetworkInformation.NetworkInformationException)
        {
            return null;
        }
    }
}
