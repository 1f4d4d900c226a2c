namespace Osapi.Operations.Files;

/// <summary>The metadata of files.</summary>
public sealed record StatResult
{
    /// <summary>The files, in the order of the request.</summary>
    public required IReadOnlyList<PathStat> Files { get; init; }
}
