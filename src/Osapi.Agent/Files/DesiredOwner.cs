using Osapi.Agent.Hosts.Files;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>The desired owner of a file; null means unchanged.</summary>
internal readonly record struct DesiredOwner(uint? User, uint? Group)
{
    /// <summary>Resolves a user and a group of this host.</summary>
    /// <exception cref="OperationException">The user or the group does not exist.</exception>
    public static DesiredOwner Find(AccountName? owner, AccountName? group)
    {
        DesiredOwner found = new(owner is null ? null : Accounts.FindUser(owner.Value), group is null ? null : Accounts.FindGroup(group.Value));
        List<string> problems = [];
        if (owner is not null && found.User is null)
            problems.Add($"owner: there is no user '{owner}' on this host");
        if (group is not null && found.Group is null)
            problems.Add($"group: there is no group '{group}' on this host");
        return problems.Count == 0 ? found : throw new OperationException(ErrorType.NotFound, string.Join("; ", problems));
    }
}
