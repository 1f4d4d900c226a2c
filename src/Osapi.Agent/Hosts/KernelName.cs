namespace Osapi.Agent.Hosts;

/// <summary>The kernel's node name (uname(2)), which follows the UTS namespace.</summary>
internal static class KernelName
{
    public static string ReadHostname(this Host host)
    {
        var name = host.Read("/proc/sys/kernel/hostname").Trim();
        return name.Length > 0 ? name : throw HostFiles.Garbled("/proc/sys/kernel/hostname", "name");
    }
}
