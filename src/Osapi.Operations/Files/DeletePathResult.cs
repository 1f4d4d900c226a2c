namespace Osapi.Operations.Files;

/// <summary>The result of a removal.</summary>
public sealed record DeletePathResult
{
    /// <summary>The path.</summary>
    public required string Path { get; init; }

    /// <summary>True when something was removed.</summary>
    public bool Changed { get; init; }

    /// <summary>The number of removed files, links and directories.</summary>
    public long Removed { get; init; }

    /// <summary>The size of the removed files in bytes.</summary>
    public long Bytes { get; init; }
}
