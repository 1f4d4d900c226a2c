namespace Osapi.Agent.Hosts.Identity;

/// <summary>The kernel's node name (uname(2)), which follows the UTS namespace.</summary>
internal static class KernelHostname
{
    public static string ReadHostname(this Host host)
    {
        var name = host.Read("/proc/sys/kernel/hostname").Trim();
        return name.Length > 0 ? name : throw HostFiles.InvalidText("/proc/sys/kernel/hostname", "name");
    }
}
