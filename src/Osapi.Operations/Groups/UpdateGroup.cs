using Osapi.Operations.Json;
using Osapi.Operations.Users;

namespace Osapi.Operations.Groups;

/// <summary>Ensures that a host has a group with these settings. Settings that are not given stay as they are.</summary>
public sealed record UpdateGroup : IValidatable
{
    /// <summary>The name. A new group has no capital letters in it.</summary>
    public required GroupName Name { get; init; }

    /// <summary>The number, 0 to 4,294,967,294; default: the next free one. With another number, users keep it as their primary group, and files keep the old number.</summary>
    [Range(0, 4_294_967_294)]
    public long? Gid { get; init; }

    /// <summary>True to give a new group a number of the system's range; default: false. An existing group keeps its number.</summary>
    public bool? System { get; init; }

    /// <summary>The members, at most 1,000, which the group gets in addition to those that it has.</summary>
    [Length(0, 1000)]
    public IReadOnlyList<UserName>? Members { get; init; }

    /// <summary>True to remove all members that are not listed; default: false.</summary>
    public bool? MembersExclusive { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Members?.GroupBy(member => member.Value, StringComparer.Ordinal).FirstOrDefault(member => member.Count() > 1) is { } twice)
            yield return new("members", $"must not name {twice.Key} twice");
        if (MembersExclusive == true && Members is null)
            yield return new("members_exclusive", "needs members");
    }
}

public static partial class GroupOperations
{
    /// <inheritdoc cref="UpdateGroup"/>
    public static Operation<UpdateGroup, GroupResult> Update { get; } = new("group.account.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/group/{name}"),
        Permission = Permissions.UserWrite,
        Rights = "root",
        Request = GroupJson.Requests.UpdateGroup,
        Result = GroupJson.Results.GroupResult,
        Timeout = static _ => TimeSpan.FromMinutes(1),
        Example = static () => (
            new() { Name = "deployers", Gid = 2000, Members = ["deploy"] },
            new() { Name = "deployers", Gid = 2000, Members = ["deploy"], Local = true, Changed = true, Differences = ["missing"] }),
    };
}

public sealed partial class GroupClient
{
    /// <inheritdoc cref="GroupOperations.Update"/>
    public Task<JobReply<GroupResult>> UpdateAsync(Target target, UpdateGroup request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(GroupOperations.Update, request, target, options, cancellationToken);
}
