namespace Osapi.Operations.Files;

/// <summary>The result of a change of attributes.</summary>
public sealed record AttributesResult
{
    /// <summary>The path.</summary>
    public required string Path { get; init; }

    /// <summary>True when an attribute was changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The differences that were found: <c>mode</c>, <c>owner</c>, <c>group</c>, <c>immutable</c>; null when there were none.</summary>
    public IReadOnlyList<string>? Differences { get; init; }

    /// <summary>The number of files and directories that were changed; null without <c>recurse</c>.</summary>
    public long? Touched { get; init; }

    /// <summary>
    /// The number of files that were left because they have another name (a hard link), which may be outside of the directory; null when there
    /// are none.
    /// </summary>
    public long? Skipped { get; init; }
}
