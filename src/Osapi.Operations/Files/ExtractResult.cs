namespace Osapi.Operations.Files;

/// <summary>The result of an extraction.</summary>
public sealed record ExtractResult
{
    /// <summary>The directory.</summary>
    public required string Path { get; init; }

    /// <summary>True when something was created or changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The number of files, directories and links of the archive that belong to the directory; 0 when <c>creates</c> exists.</summary>
    public long Entries { get; init; }

    /// <summary>The size of these files in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The number of entries that were created or changed.</summary>
    public long Written { get; init; }

    /// <summary>The number of entries that were left out, because of <c>strip</c>, <c>include</c>, <c>exclude</c> or <c>keep_newer</c>.</summary>
    public long Skipped { get; init; }
}
