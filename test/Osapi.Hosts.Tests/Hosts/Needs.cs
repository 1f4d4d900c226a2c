namespace Osapi.Hosts.Tests.Hosts;

/// <summary>The requirements of these suites. Without them they are skipped with a message, and in CI they fail.</summary>
internal static class Needs
{
    private static readonly string[] Light = ["ip", "nsenter", "unshare", "setpriv", "findmnt", "pgrep", "catatonit", "dnsmasq", "iptables", "ping"];

    /// <summary>The additional requirements of hosts with systemd.</summary>
    public static readonly string[] Systemd = ["debootstrap", "flock"];

    /// <summary>Skips the test, with a message, when something is missing.</summary>
    public static void Check(params string[] more)
    {
        if (Missing(more) is not { } missing)
            return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"In CI nothing may be left out: {missing}");
        Assert.Skip($"NOT TESTED on real hosts: {missing}");
    }

    private static string? Missing(string[] more)
    {
        if (Environment.UserName != "root")
            return "hosts in namespaces need root";
        var absent = Light.Concat(more).Where(tool => !Directories().Any(directory => File.Exists(Path.Combine(directory, tool)))).ToList();
        return absent.Count > 0 ? $"there is no {string.Join(", ", absent)}" : null;
    }

    private static string[] Directories() => [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];
}
