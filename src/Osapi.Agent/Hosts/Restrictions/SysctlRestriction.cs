using Osapi.Agent.Hosts.Sysctl;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>The limits for kernel settings. Some below <c>kernel</c> name programs, which could evade the lists of commands, paths, users and images.</summary>
internal static class SysctlRestriction
{
    /// <summary>Requires that the agent's configuration allows changes of a kernel setting.</summary>
    /// <exception cref="OperationException">It is denied.</exception>
    public static void RequireSysctlAllowed(this Host host, SysctlKey key)
    {
        host.RequireAllowed($"{KernelSettings.Directory}/{key.Path}");
        var (allow, deny) = (host.Restrictions.Allow, host.Restrictions.Deny);
        // A list of allowed paths that has /proc/sys/kernel was made by somebody who wants its settings changed.
        if (key.Path.StartsWith("kernel/", StringComparison.Ordinal) && allow.Paths is null && ((allow.Commands ?? deny.Commands) is not null || allow.LimitsCommands || deny.LimitsCommands))
            throw AgentRestrictions.Denied($"commands, paths, users or images are limited, which a program of the kernel could evade; so {key.Value} is set only where agent.allow.paths lists {KernelSettings.Directory}/kernel");
    }
}
