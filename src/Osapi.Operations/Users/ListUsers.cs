namespace Osapi.Operations.Users;

/// <summary>Lists the accounts of a host by number. Those of a directory service are not listed.</summary>
public sealed record ListUsers
{
    /// <summary>The name of the account to list; default: all. A name that the host does not know is not an error.</summary>
    public UserName? Name { get; init; }

    /// <summary>True to list accounts of the system only, false to list those of people only; default: both.</summary>
    public bool? System { get; init; }
}

public static partial class UserOperations
{
    /// <inheritdoc cref="ListUsers"/>
    public static Operation<ListUsers, UserList> List { get; } = new("user.list.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/user"),
        Permission = Permissions.UserRead,
        Request = UserJson.Requests.ListUsers,
        Result = UserJson.Results.UserList,
        Example = static () => (new() { System = false }, new() { Users = [UserExamples.Account] }),
    };
}

public sealed partial class UserClient
{
    /// <inheritdoc cref="UserOperations.List"/>
    public Task<JobReply<UserList>> ListAsync(Target target, ListUsers? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(UserOperations.List, request ?? new(), target, options, cancellationToken);
}
