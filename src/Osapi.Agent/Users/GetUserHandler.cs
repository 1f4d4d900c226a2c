using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Runs <see cref="GetUser"/> on this host.</summary>
internal static class GetUserHandler
{
    public static async Task<UserAccount> HandleAsync(GetUser request, Host host, CancellationToken cancellationToken)
    {
        var database = AccountDatabase.Read(host);
        UserView view = new(host, database);
        var name = request.Name.Value;
        if (database.FindUser(name) is { } local)
            return view.Of(local);
        return PasswdEntry.Find(await host.NameServiceAsync("passwd", name, cancellationToken)) is { } entry
            ? view.Of(entry, isLocal: false)
            : throw new OperationException(ErrorType.NotFound, $"there is no user {name} on this host");
    }
}
