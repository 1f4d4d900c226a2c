using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations.Groups;

namespace Osapi.Agent.Groups;

/// <summary>Describes groups for results.</summary>
/// <param name="host">The host.</param>
internal sealed class GroupView(Host host)
{
    private readonly (uint First, uint Last) people = AccountFiles.RangeOf(host, "GID");

    public GroupResult Of(GroupEntry group, bool isLocal = true) => new()
    {
        Name = group.Name,
        Gid = group.Gid,
        Members = group.Members,
        System = group.Gid < people.First || group.Gid > people.Last,
        Local = isLocal,
    };
}
