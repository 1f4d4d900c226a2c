namespace Osapi.Agent.Hosts.Facts;

/// <summary>Detects the machine's service manager and package manager.</summary>
internal static class FactsSoftware
{
    private static readonly IReadOnlyList<(string Name, string Program)> Packages =
        [("apt", "apt-get"), ("dnf", "dnf"), ("yum", "yum"), ("zypper", "zypper"), ("pacman", "pacman"), ("apk", "apk")];

    private static readonly IReadOnlyList<string> Programs = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];

    /// <summary>Gets the running service manager, not one that is only installed.</summary>
    public static string ServiceManager(Host host)
    {
        // sd_booted(3) checks the same directory.
        if (Directory.Exists(host.FullPath("/run/systemd/system")))
            return "systemd";
        if (Directory.Exists(host.FullPath("/run/openrc")))
            return "openrc";
        return Init(host) switch
        {
            "runit" => "runit",
            "s6-svscan" => "s6",
            "init" => "sysvinit",
            _ => "unknown",
        };
    }

    /// <summary>Gets the package manager; of several, the one closest to the distribution's own.</summary>
    public static string PackageManager(Host host) =>
        Packages.FirstOrDefault(package => Programs.Any(directory => File.Exists(host.FullPath($"{directory}/{package.Program}")))).Name ?? "unknown";

    private static string? Init(Host host)
    {
        try
        {
            return host.ReadFirst("/proc/1/comm")?.Trim();
        }
        catch (Operations.OperationException)
        {
            return null;
        }
    }
}
