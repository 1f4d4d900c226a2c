using Osapi.Agent.Handlers;
using Osapi.Operations.Groups;

namespace Osapi.Agent.Groups;

/// <summary>The handlers of the group family.</summary>
internal static class GroupHandlers
{
    public static HandlerTable All => new()
    {
        { GroupOperations.List, ListGroupsHandler.HandleAsync },
        { GroupOperations.Get, GetGroupHandler.HandleAsync },
        { GroupOperations.Update, UpdateGroupHandler.HandleAsync },
        { GroupOperations.Delete, DeleteGroupHandler.HandleAsync },
    };
}
