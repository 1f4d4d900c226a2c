namespace Osapi.Operations.Users;

/// <summary>Gets the account of a user, also one of a directory service.</summary>
public sealed record GetUser
{
    /// <summary>The name.</summary>
    public required UserName Name { get; init; }
}

public static partial class UserOperations
{
    /// <inheritdoc cref="GetUser"/>
    public static Operation<GetUser, UserAccount> Get { get; } = new("user.account.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/user/{name}"),
        Permission = Permissions.UserRead,
        Request = UserJson.Requests.GetUser,
        Result = UserJson.Results.UserAccount,
        Example = static () => (new() { Name = "deploy" }, UserExamples.Account),
    };
}

public sealed partial class UserClient
{
    /// <inheritdoc cref="UserOperations.Get"/>
    public Task<JobReply<UserAccount>> GetAsync(Target target, UserName name, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(UserOperations.Get, new() { Name = name }, target, options, cancellationToken);
}
