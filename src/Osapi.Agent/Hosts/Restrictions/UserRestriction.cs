using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>The limits for the users whose files are created, changed or removed.</summary>
internal static class UserRestriction
{
    /// <summary>Requires that the agent's configuration allows files of a user.</summary>
    /// <exception cref="OperationException">The user is denied.</exception>
    public static void RequireUserAllowed(this Host host, uint user)
    {
        var (allow, deny) = (host.Restrictions.Allow.Users, host.Restrictions.Deny.Users);
        if (deny?.FirstOrDefault(denied => IsUser(denied, user)) is { } listed)
            throw AgentRestrictions.Denied($"the file belongs to {Accounts.UserName(user)}, or would, and agent.deny.users lists {listed}");
        if (allow is not null && !allow.Any(allowed => IsUser(allowed, user)))
            throw AgentRestrictions.Denied($"the file belongs to {Accounts.UserName(user)}, or would, whom agent.allow.users does not list");
    }

    // An account that no longer exists owns nothing.
    private static bool IsUser(string name, uint user) => Accounts.FindUser(name) == user;
}
