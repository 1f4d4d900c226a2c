using Osapi.Operations;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>The limits for packages. Their scripts run as root, and could evade the lists of commands, paths, users and images.</summary>
internal static class PackageRestriction
{
    private const string Family = "package";

    /// <summary>Gets the reason for which the other lists deny an operation that changes packages; null when they do not.</summary>
    public static string? DenialOf(AgentRestrictions restrictions, string operation)
    {
        var (allow, deny) = (restrictions.Allow, restrictions.Deny);
        var areLimited = (allow.Commands ?? deny.Commands) is not null || allow.LimitsCommands || deny.LimitsCommands;
        // A list of allowed operations that has it was made by somebody who wants packages changed.
        return areLimited && allow.Operations is null && OperationCatalog.Default.TryFind(operation, out var found) && found.Family == Family && found.Idempotency != Idempotency.ReadOnly
            ? $"commands, paths, users or images are limited, which the scripts of packages could evade; so packages are changed only when agent.allow.operations lists {operation}"
            : null;
    }
}
