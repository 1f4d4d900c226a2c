using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;

namespace Osapi.Agent.Users;

/// <summary>Finds the user that a request names.</summary>
internal static class UserInspection
{
    /// <summary>Gets a user of the host's own files.</summary>
    /// <exception cref="OperationException">There is none; the user may be one of a directory service.</exception>
    public static PasswdEntry Get(AccountDatabase database, string name) =>
        Find(database, name) ?? throw new OperationException(ErrorType.NotFound, $"there is no user {name} on this host");

    /// <summary>Gets a user of the host's own files; null when the host does not know the name.</summary>
    /// <exception cref="OperationException">The user is one of a directory service.</exception>
    public static PasswdEntry? Find(AccountDatabase database, string name) =>
        database.FindUser(name) ?? (Accounts.FindUser(name) is null ? null : throw AccountErrors.NotLocal("user", name));
}
