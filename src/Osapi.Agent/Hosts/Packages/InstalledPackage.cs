using Osapi.Operations.Packages;

namespace Osapi.Agent.Hosts.Packages;

/// <summary>A package in the database of dpkg.</summary>
internal sealed record InstalledPackage
{
    public required string Name { get; init; }

    public required string Architecture { get; init; }

    public required string Version { get; init; }

    /// <summary>The state; null for a package of which only a choice is recorded.</summary>
    public required PackageStatus? Status { get; init; }

    public bool Held { get; init; }

    /// <summary>True when dpkg says that it must be installed again.</summary>
    public bool NeedsReinstall { get; init; }

    /// <summary>The size in bytes.</summary>
    public long Size { get; init; }

    public string Summary { get; init; } = "";

    /// <summary>True when it is installed and complete.</summary>
    public bool IsInstalled => Status is PackageStatus.Installed or PackageStatus.TriggersAwaited or PackageStatus.TriggersPending;

    /// <summary>True when its files are there, complete or not.</summary>
    public bool IsThere => Status is not (null or PackageStatus.ConfigFiles);

    /// <summary>True when a transaction of it did not end.</summary>
    public bool IsBroken => NeedsReinstall || (IsThere && Status != PackageStatus.Installed);
}
