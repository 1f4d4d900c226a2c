using Osapi.Agent.Hosts.Files;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Whom a file shall belong to; what is null is left as it is.</summary>
internal readonly record struct DesiredOwner(uint? User, uint? Group)
{
    /// <summary>Finds a user and a group of this host.</summary>
    /// <exception cref="OperationException">One or both do not exist.</exception>
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
