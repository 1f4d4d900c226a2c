namespace Osapi.Operations.Packages;

/// <summary>The updates that a host's index has.</summary>
public sealed record UpdateList
{
    /// <summary>The updates, by name.</summary>
    public required IReadOnlyList<PackageUpdate> Updates { get; init; }

    /// <summary>The names of packages that an upgrade keeps back, because they are held or would need another package removed.</summary>
    public IReadOnlyList<string>? KeptBack { get; init; }

    /// <summary>The age of the index in seconds; null when the host has none.</summary>
    public long? IndexAge { get; init; }
}

/// <summary>A newer version of an installed package.</summary>
public sealed record PackageUpdate
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The installed version.</summary>
    public required string CurrentVersion { get; init; }

    /// <summary>The version that an upgrade would install.</summary>
    public required string NewVersion { get; init; }

    /// <summary>The origin of the new version, as apt prints it, such as <c>Debian-Security:12/oldstable-security</c>; empty when unknown.</summary>
    public string Origin { get => field ?? ""; init; }

    /// <summary>True when the origin is the security archive of Debian or Ubuntu.</summary>
    public bool Security { get; init; }

    /// <summary>True when the package is on hold.</summary>
    public bool Held { get; init; }
}
