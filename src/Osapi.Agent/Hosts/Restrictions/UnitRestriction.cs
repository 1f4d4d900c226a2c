using Osapi.Operations;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>The limits for unit files. A unit runs programs, which could evade the lists of commands, paths, users and images.</summary>
internal static class UnitRestriction
{
    /// <summary>Requires that the agent's configuration allows a unit file at a path of the host.</summary>
    /// <exception cref="OperationException">It is denied.</exception>
    public static void RequireUnitAllowed(this Host host, string path)
    {
        host.RequireAllowed(path);
        var (allow, deny) = (host.Restrictions.Allow, host.Restrictions.Deny);
        // A list of allowed paths that has the directory of units was made by somebody who wants them written.
        if (allow.Paths is null && (allow.Commands ?? deny.Commands) is not null | allow.LimitsCommands | deny.LimitsCommands)
            throw AgentRestrictions.Denied($"commands, paths, users or images are limited, which a unit could evade; so units are written only where agent.allow.paths lists their directory, and {path} is not listed");
    }
}
