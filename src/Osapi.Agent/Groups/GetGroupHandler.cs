using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;
using Osapi.Operations.Groups;

namespace Osapi.Agent.Groups;

/// <summary>Runs <see cref="GetGroup"/> on this host.</summary>
internal static class GetGroupHandler
{
    public static async Task<GroupAccount> HandleAsync(GetGroup request, Host host, CancellationToken cancellationToken)
    {
        GroupView view = new(host);
        var name = request.Name.Value;
        if (AccountDatabase.Read(host).FindGroup(name) is { } local)
            return view.Of(local);
        return GroupEntry.Find(await host.NameServiceAsync("group", name, cancellationToken)) is { } entry
            ? view.Of(entry, isLocal: false)
            : throw new OperationException(ErrorType.NotFound, $"there is no group {name} on this host");
    }
}
