namespace Osapi.Operations.Groups;

/// <summary>The result of an update of a group: the group as it is now.</summary>
public sealed record GroupResult : GroupAccount
{
    /// <summary>True when the group was created or changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The members that differed, such as <c>gid</c>, or <c>missing</c> for a new group; null when none did.</summary>
    public IReadOnlyList<string>? Differences { get; init; }
}
