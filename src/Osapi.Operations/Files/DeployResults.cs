namespace Osapi.Operations.Files;

/// <summary>The result of a deployment.</summary>
public sealed record DeployResult
{
    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The SHA-256 of the content, after rendering; of the file that was left, when there was one.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The size in bytes.</summary>
    public long Size { get; init; }

    /// <summary>True when the file was created or changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The differences that were found: <c>missing</c>, <c>content</c>, <c>mode</c>, <c>owner</c>, <c>group</c>; null when there were none.</summary>
    public IReadOnlyList<string>? Differences { get; init; }

    /// <summary>The path of the backup; null when none was kept.</summary>
    public string? Backup { get; init; }

    /// <summary>
    /// True when the file was written in place because something is mounted on it: readers may have seen partial content. Null
    /// otherwise.
    /// </summary>
    public bool? InPlace { get; init; }

    /// <summary>True when a file existed and was left as it is, because of <c>only_if_missing</c>; null otherwise.</summary>
    public bool? Left { get; init; }
}

/// <summary>The state of a deployed file.</summary>
public sealed record FileStatusResult
{
    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The status: <c>in-sync</c>, <c>drifted</c>, or <c>missing</c>, also when nothing was ever deployed there.</summary>
    public required string Status { get; init; }

    /// <summary>
    /// The differences from the deployment: <c>type</c> (not a regular file any more), <c>content</c>, <c>mode</c>, <c>owner</c>,
    /// <c>group</c>; null when there are none.
    /// </summary>
    public IReadOnlyList<string>? Differences { get; init; }

    /// <summary>The SHA-256 of the current content; null when there is no file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The current mode.</summary>
    public string? Mode { get; init; }

    /// <summary>The current owner.</summary>
    public string? Owner { get; init; }

    /// <summary>The current group.</summary>
    public string? Group { get; init; }

    /// <summary>The name of the stored file that was deployed; null when none was, and for content that the request carried.</summary>
    public string? ObjectName { get; init; }

    /// <summary>The time of the last deployment; null when there was none.</summary>
    public DateTimeOffset? DeployedAt { get; init; }
}

/// <summary>The result of an undeployment.</summary>
public sealed record UndeployResult
{
    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>True when the file was removed; false when there was none, or it had not been deployed.</summary>
    public bool Changed { get; init; }

    /// <summary>True when a file exists that was not deployed and was therefore kept; null otherwise.</summary>
    public bool? Left { get; init; }
}
