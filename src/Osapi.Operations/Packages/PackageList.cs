namespace Osapi.Operations.Packages;

/// <summary>Packages of a host.</summary>
public sealed record PackageList
{
    /// <summary>The packages, by name and architecture.</summary>
    public required IReadOnlyList<PackageSummary> Packages { get; init; }
}

/// <summary>One package of a host.</summary>
public sealed record PackageSummary
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The architecture, such as <c>amd64</c> or <c>all</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The version; empty when only a choice for the package is recorded.</summary>
    public required string Version { get; init; }

    /// <summary>The state.</summary>
    public PackageStatus Status { get; init; }

    /// <summary>True when the package is on hold.</summary>
    public bool Held { get; init; }

    /// <summary>True when the package was installed as a dependency only.</summary>
    public bool Automatic { get; init; }

    /// <summary>The size of its files in bytes, as the package states it.</summary>
    public long Size { get; init; }

    /// <summary>The description in one line.</summary>
    public string Summary { get => field ?? ""; init; }
}
