namespace Osapi.Agent.Files.Archives;

/// <summary>The differences between an archive and a directory.</summary>
internal sealed class ExtractionPlan
{
    /// <summary>The places that differ: false for one that exists, true for one where nothing is.</summary>
    public Dictionary<string, bool> Differing { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of entries that belong to the directory.</summary>
    public long Entries { get; set; }

    /// <summary>The bytes of these files.</summary>
    public long Bytes { get; set; }

    /// <summary>The bytes of the files that differ.</summary>
    public long DifferingBytes { get; set; }

    /// <summary>The number of entries that are left out.</summary>
    public long Skipped { get; set; }
}
