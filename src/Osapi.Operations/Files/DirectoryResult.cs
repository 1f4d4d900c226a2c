namespace Osapi.Operations.Files;

/// <summary>The result of a change of a directory.</summary>
public sealed record DirectoryResult
{
    /// <summary>The path of the directory.</summary>
    public required string Path { get; init; }

    /// <summary>True when the directory was created or changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The differences that were found: <c>missing</c>, <c>mode</c>, <c>owner</c>, <c>group</c>; null when there were none.</summary>
    public IReadOnlyList<string>? Differences { get; init; }
}
