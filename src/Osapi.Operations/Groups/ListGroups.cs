namespace Osapi.Operations.Groups;

/// <summary>Lists the groups of a host by number. Those of a directory service are not listed.</summary>
public sealed record ListGroups
{
    /// <summary>The name of the group to list; default: all. A name that the host does not know is not an error.</summary>
    public GroupName? Name { get; init; }

    /// <summary>True to list groups of the system only, false to list those of people only; default: both.</summary>
    public bool? System { get; init; }
}

public static partial class GroupOperations
{
    /// <inheritdoc cref="ListGroups"/>
    public static Operation<ListGroups, GroupList> List { get; } = new("group.list.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/group"),
        Permission = Permissions.UserRead,
        Request = GroupJson.Requests.ListGroups,
        Result = GroupJson.Results.GroupList,
        Example = static () => (new() { Name = "www-data" }, new() { Groups = [new() { Name = "www-data", Gid = 33, Members = ["deploy"], System = true, Local = true }] }),
    };
}

public sealed partial class GroupClient
{
    /// <inheritdoc cref="GroupOperations.List"/>
    public Task<JobReply<GroupList>> ListAsync(Target target, ListGroups? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(GroupOperations.List, request ?? new(), target, options, cancellationToken);
}
