namespace Osapi.Operations.Groups;

/// <summary>The result of the deletion of a group.</summary>
public sealed record DeleteGroupResult
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>True when there was such a group.</summary>
    public bool Changed { get; init; }
}
