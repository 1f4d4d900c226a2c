namespace Osapi.Operations.Groups;

/// <summary>Gets a group with its members, also one of a directory service.</summary>
public sealed record GetGroup
{
    /// <summary>The name.</summary>
    public required GroupName Name { get; init; }
}

public static partial class GroupOperations
{
    /// <inheritdoc cref="GetGroup"/>
    public static Operation<GetGroup, GroupAccount> Get { get; } = new("group.account.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/group/{name}"),
        Permission = Permissions.UserRead,
        Request = GroupJson.Requests.GetGroup,
        Result = GroupJson.Results.GroupAccount,
        Example = static () => (new() { Name = "www-data" }, new() { Name = "www-data", Gid = 33, Members = ["deploy"], System = true, Local = true }),
    };
}

public sealed partial class GroupClient
{
    /// <inheritdoc cref="GroupOperations.Get"/>
    public Task<JobReply<GroupAccount>> GetAsync(Target target, GroupName name, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(GroupOperations.Get, new() { Name = name }, target, options, cancellationToken);
}
