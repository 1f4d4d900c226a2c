using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations.Groups;

namespace Osapi.Agent.Groups;

/// <summary>Runs <see cref="ListGroups"/> on this host.</summary>
internal static class ListGroupsHandler
{
    public static Task<GroupList> HandleAsync(ListGroups request, Host host, CancellationToken cancellationToken)
    {
        GroupView view = new(host);
        return Task.FromResult(new GroupList
        {
            Groups =
            [
                .. from entry in AccountDatabase.Read(host).Groups
                   where request.Name is null || request.Name.Value == entry.Name
                   let @group = view.Of(entry)
                   where request.System is null || request.System == @group.System
                   orderby @group.Gid, @group.Name
                   select @group,
            ],
        });
    }
}
