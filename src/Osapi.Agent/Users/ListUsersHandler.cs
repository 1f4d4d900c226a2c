using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Runs <see cref="ListUsers"/> on this host.</summary>
internal static class ListUsersHandler
{
    public static Task<UserList> HandleAsync(ListUsers request, Host host, CancellationToken cancellationToken)
    {
        var database = AccountDatabase.Read(host);
        UserView view = new(host, database);
        return Task.FromResult(new UserList
        {
            Users =
            [
                .. from entry in database.Users
                   where request.Name is null || request.Name.Value == entry.Name
                   let user = view.Of(entry)
                   where request.System is null || request.System == user.System
                   orderby user.Uid, user.Name
                   select user,
            ],
        });
    }
}
