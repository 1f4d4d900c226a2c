using Osapi.Agent.Handlers;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>The handlers of the user family.</summary>
internal static class UserHandlers
{
    public static HandlerTable All => new()
    {
        { UserOperations.List, ListUsersHandler.HandleAsync },
        { UserOperations.Get, GetUserHandler.HandleAsync },
        { UserOperations.Update, UpdateUserHandler.HandleAsync },
        { UserOperations.Delete, DeleteUserHandler.HandleAsync },
        { UserOperations.UpdatePassword, UpdatePasswordHandler.HandleAsync },
        { UserOperations.ListKeys, ListAuthorizedKeysHandler.HandleAsync },
        { UserOperations.UpdateKeys, UpdateAuthorizedKeysHandler.HandleAsync },
    };
}
