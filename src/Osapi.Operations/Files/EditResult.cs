namespace Osapi.Operations.Files;

/// <summary>The result of an edit.</summary>
public sealed record EditResult
{
    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>True when the file was created or changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The change.</summary>
    public required EditAction Action { get; init; }

    /// <summary>The number of the first line that was added or replaced, from 1; null when there is none.</summary>
    public int? LineNumber { get; init; }

    /// <summary>The number of replaced or removed places; null when the edit does not count them.</summary>
    public int? Count { get; init; }

    /// <summary>The path of the backup; null when none was kept.</summary>
    public string? Backup { get; init; }
}
