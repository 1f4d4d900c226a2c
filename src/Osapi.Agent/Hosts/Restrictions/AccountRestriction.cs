using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>The limits for users and groups. The owner of an account can log in, and could evade the lists of commands, paths, users and images.</summary>
internal static class AccountRestriction
{
    private static readonly IReadOnlyList<string> Families = ["user", "group"];

    /// <summary>Gets the reason for which the other lists deny an operation that changes accounts; null when they do not.</summary>
    public static string? DenialOf(AgentRestrictions restrictions, string operation)
    {
        var (allow, deny) = (restrictions.Allow, restrictions.Deny);
        var areLimited = (allow.Commands ?? deny.Commands) is not null || allow.LimitsCommands || deny.LimitsCommands;
        // A list of allowed operations that has it was made by somebody who wants accounts changed.
        return areLimited && allow.Operations is null && OperationCatalog.Default.TryFind(operation, out var found) && Families.Contains(found.Family) && found.Idempotency != Idempotency.ReadOnly
            ? $"commands, paths, users or images are limited, which a login could evade; so users and groups are changed only when agent.allow.operations lists {operation}"
            : null;
    }

    /// <summary>Requires that the agent's configuration allows changes of an account, which need not exist yet.</summary>
    /// <exception cref="OperationException">The account is denied.</exception>
    public static void RequireAccountAllowed(this Host host, string name, uint? id)
    {
        var (allow, deny) = (host.Restrictions.Allow.Users, host.Restrictions.Deny.Users);
        if (deny?.FirstOrDefault(denied => IsAccount(denied, name, id)) is { } listed)
            throw AgentRestrictions.Denied($"agent.deny.users lists {listed}, and the account is {name}");
        if (allow is not null && !allow.Any(allowed => IsAccount(allowed, name, id)))
            throw AgentRestrictions.Denied($"agent.allow.users does not list the account {name}");
    }

    /// <summary>Requires that the agent's configuration allows the files in which accounts are.</summary>
    /// <exception cref="OperationException">One of them is denied.</exception>
    public static void RequireAccountFilesAllowed(this Host host)
    {
        foreach (var path in AccountFiles.Written)
            host.RequireAllowed(path);
    }

    private static bool IsAccount(string listed, string name, uint? id) => listed == name || (id is { } number && (listed == IdText.Of(number) || Accounts.FindUser(listed) == number));
}
