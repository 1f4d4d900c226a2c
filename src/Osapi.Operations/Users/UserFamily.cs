using Osapi.Operations.Users;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read the users, their keys and the groups of a host.</summary>
    public const string UserRead = "user:read";

    /// <summary>Create, change and delete users, their passwords and keys, and groups; as much as root, because it includes root's own keys.</summary>
    public const string UserWrite = "user:write";
}

public abstract partial class FamilyClients
{
    /// <summary>Users of hosts, their passwords and keys.</summary>
    public UserClient User => field ??= new(invoker);
}
