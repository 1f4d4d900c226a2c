namespace Osapi.Operations.Groups;

/// <summary>The groups of a host.</summary>
public sealed record GroupList
{
    /// <summary>The groups, by number.</summary>
    public required IReadOnlyList<GroupAccount> Groups { get; init; }
}
