namespace Osapi.Operations.Groups;

/// <summary>A group of a host.</summary>
public record GroupAccount
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The number of the group.</summary>
    public long Gid { get; init; }

    /// <summary>The users that are listed as its members, in the order of the list. Users whose primary group it is need not be in it.</summary>
    public IReadOnlyList<string> Members { get => field ?? []; init; }

    /// <summary>True when the number is outside of the range of people's groups (<c>GID_MIN</c> to <c>GID_MAX</c> in login.defs(5)).</summary>
    public bool System { get; init; }

    /// <summary>False for a group of a directory service, which the operations do not change.</summary>
    public bool Local { get; init; }
}
