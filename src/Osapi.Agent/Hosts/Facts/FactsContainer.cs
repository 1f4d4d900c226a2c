using Osapi.Operations;

namespace Osapi.Agent.Hosts.Facts;

/// <summary>Detects whether the machine is a container, by the same signs as systemd-detect-virt(1).</summary>
internal static class FactsContainer
{
    public static string Find(Host host)
    {
        // systemd as a container's first process writes the name that its manager passed.
        if (Text(host, "/run/systemd/container") is { Length: > 0 } manager)
            return manager;
        if (File.Exists(host.FullPath("/run/.containerenv")))
            return "podman";
        if (File.Exists(host.FullPath("/.dockerenv")))
            return "docker";
        // Only root may read the first process's environment.
        if (Text(host, "/proc/1/environ")?.Split('\0').FirstOrDefault(entry => entry.StartsWith("container=", StringComparison.Ordinal)) is { Length: > 10 } entry)
            return entry[10..];
        var groups = Text(host, "/proc/1/cgroup") ?? "";
        return groups.Contains("/kubepods", StringComparison.Ordinal) ? "kubernetes"
            : groups.Contains("/docker", StringComparison.Ordinal) ? "docker"
            : groups.Contains("/libpod", StringComparison.Ordinal) ? "podman"
            : groups.Contains("/lxc", StringComparison.Ordinal) ? "lxc"
            : "none";
    }

    private static string? Text(Host host, string path)
    {
        try
        {
            return host.ReadFirst(path)?.Trim();
        }
        catch (OperationException)
        {
            return null;
        }
    }
}
