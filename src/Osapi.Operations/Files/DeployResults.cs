namespace Osapi.Operations.Files;

/// <summary>What became of a deployment.</summary>
public sealed record DeployResult
{
    /// <summary>Where the file is.</summary>
    public required string Path { get; init; }

    /// <summary>The SHA-256 of its content, after rendering.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its size in bytes.</summary>
    public long Size { get; init; }

    /// <summary>True when the file was created or changed.</summary>
    public bool Changed { get; init; }

    /// <summary>What was not as it should be: <c>missing</c>, <c>content</c>, <c>mode</c>, <c>owner</c>, <c>group</c>; null when all was.</summary>
    public IReadOnlyList<string>? Differences { get; init; }

    /// <summary>Where the previous content is; null when none was kept.</summary>
    public string? Backup { get; init; }

    /// <summary>
    /// True when the file could not be replaced, because something is mounted on it, and was written in place instead:
    /// readers may have seen it half-written. Null otherwise.
    /// </summary>
    public bool? InPlace { get; init; }
}

/// <summary>How a deployed file is doing.</summary>
public sealed record FileStatusResult
{
    /// <summary>Where the file is.</summary>
    public required string Path { get; init; }

    /// <summary><c>in-sync</c>; <c>drifted</c>; or <c>missing</c>, also when nothing was ever deployed there.</summary>
    public required string Status { get; init; }

    /// <summary>What is not as it was deployed: <c>type</c> (it is no regular file any more), <c>content</c>, <c>mode</c>, <c>owner</c>, <c>group</c>; null when all is.</summary>
    public IReadOnlyList<string>? Differences { get; init; }

    /// <summary>The SHA-256 of the file as it is; null when there is none.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The mode as it is.</summary>
    public string? Mode { get; init; }

    /// <summary>The owner as it is.</summary>
    public string? Owner { get; init; }

    /// <summary>The group as it is.</summary>
    public string? Group { get; init; }

    /// <summary>The stored file that was deployed; null when nothing was.</summary>
    public string? ObjectName { get; init; }

    /// <summary>When it was last written there; null when nothing was.</summary>
    public DateTimeOffset? DeployedAt { get; init; }
}

/// <summary>What became of an undeployment.</summary>
public sealed record UndeployResult
{
    /// <summary>Where the file was.</summary>
    public required string Path { get; init; }

    /// <summary>True when the file was removed; false when there was none, or none that was deployed.</summary>
    public bool Changed { get; init; }

    /// <summary>True when something is there that was not deployed and is left alone; null otherwise.</summary>
    public bool? Left { get; init; }
}
