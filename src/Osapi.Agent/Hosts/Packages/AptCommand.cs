using Osapi.Agent.Hosts.Processes;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Hosts.Packages;

/// <summary>The arguments and the environment with which apt-get never asks a question.</summary>
internal static class AptCommand
{
    /// <summary>The environment of a transaction. Each variable ends a dialog that would wait for ever.</summary>
    public static IReadOnlyDictionary<string, string> Environment(ConfigFilePolicy policy) => new Dictionary<string, string>
    {
        ["LC_ALL"] = "C.UTF-8",
        ["DEBIAN_FRONTEND"] = "noninteractive",
        ["DEBCONF_NONINTERACTIVE_SEEN"] = "true",
        ["APT_LISTCHANGES_FRONTEND"] = "none",
        ["APT_LISTBUGS_FRONTEND"] = "none",
        ["NEEDRESTART_MODE"] = "l",
        ["NEEDRESTART_SUSPEND"] = "1",
        [policy == ConfigFilePolicy.Replace ? "UCF_FORCE_CONFFNEW" : "UCF_FORCE_CONFFOLD"] = "1",
        // The agent's may lack the directories of administration.
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    };

    /// <summary>Creates a transaction of apt-get.</summary>
    /// <param name="policy">The choice for configuration files.</param>
    /// <param name="lockTimeout">The seconds to wait for another program that was faster.</param>
    /// <param name="action">The action with its options and packages.</param>
    public static ProcessRequest Transaction(ConfigFilePolicy policy, int lockTimeout, IReadOnlyList<string> action) => new("apt-get", [
        "-q", "-y",
        "-o", "Dpkg::Use-Pty=0",
        "-o", $"DPkg::Lock::Timeout={lockTimeout}",
        .. DpkgOptions(policy).SelectMany(option => (string[])["-o", $"Dpkg::Options::={option}"]),
        .. action,
    ])
    { Environment = Environment(policy) };

    /// <summary>Creates a transaction that finishes an interrupted one.</summary>
    public static ProcessRequest Repair(ConfigFilePolicy policy) => new("dpkg", [.. DpkgOptions(policy), "--configure", "-a"]) { Environment = Environment(policy) };

    /// <summary>Gets the arguments of a simulation, which needs no lock.</summary>
    public static IReadOnlyList<string> Simulation(IReadOnlyList<string> action) => ["-q", "-y", "-s", "-o", "Debug::NoLocking=1", .. action];

    // The default of the package where it has one, otherwise the host's file: with only one of the two, dpkg may still ask.
    private static IReadOnlyList<string> DpkgOptions(ConfigFilePolicy policy) => policy == ConfigFilePolicy.Replace ? ["--force-confnew"] : ["--force-confdef", "--force-confold"];
}
