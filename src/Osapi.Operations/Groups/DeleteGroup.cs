namespace Osapi.Operations.Groups;

/// <summary>Ensures that a host does not have a group. One that is the primary group of a user is not deleted.</summary>
public sealed record DeleteGroup
{
    /// <summary>The name.</summary>
    public required GroupName Name { get; init; }
}

public static partial class GroupOperations
{
    /// <inheritdoc cref="DeleteGroup"/>
    public static Operation<DeleteGroup, DeleteGroupResult> Delete { get; } = new("group.account.delete", Idempotency.Idempotent)
    {
        Route = HttpRoute.Delete("/node/{hostname}/group/{name}"),
        Permission = Permissions.UserWrite,
        Rights = "root",
        Request = GroupJson.Requests.DeleteGroup,
        Result = GroupJson.Results.DeleteGroupResult,
        Timeout = static _ => TimeSpan.FromMinutes(1),
        Example = static () => (new() { Name = "deployers" }, new() { Name = "deployers", Changed = true }),
    };
}

public sealed partial class GroupClient
{
    /// <inheritdoc cref="GroupOperations.Delete"/>
    public Task<JobReply<DeleteGroupResult>> DeleteAsync(Target target, DeleteGroup request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(GroupOperations.Delete, request, target, options, cancellationToken);
}
