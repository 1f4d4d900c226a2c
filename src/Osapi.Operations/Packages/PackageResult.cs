using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The result of a transaction of the package system.</summary>
public sealed record PackageResult
{
    /// <summary>True when a package, or its record, changed.</summary>
    public bool Changed { get; init; }

    /// <summary>The packages that changed, by name; null when none did.</summary>
    public IReadOnlyList<PackageChange>? Packages { get; init; }

    /// <summary>The packages that were there as dependencies and are marked as wanted now; null when there are none.</summary>
    public IReadOnlyList<string>? MarkedManual { get; init; }

    /// <summary>True when the index was refreshed first.</summary>
    public bool Refreshed { get; init; }

    /// <summary>True when the host says that it must be restarted for an update to take effect.</summary>
    public bool RebootRequired { get; init; }

    /// <summary>The milliseconds spent waiting for other transactions and programs; null when there was no wait.</summary>
    public long? WaitedMs { get; init; }

    /// <summary>The output of apt-get and dpkg, errors included; null when nothing ran. Of a large one, as of a command.</summary>
    [JsonConverter(typeof(LargeTextConverter))]
    public string? Stdout { get; init; }

    /// <summary>True when the output was longer and is cut; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StdoutTruncated { get; init; }

    /// <summary>The number of bytes that were written to the output, when it is larger than a reply; otherwise null.</summary>
    public long? StdoutBytes { get; init; }

    /// <summary>Additional information, such as the package that provides a name; null when there is none.</summary>
    public string? Note { get; init; }
}

/// <summary>A package that changed.</summary>
public sealed record PackageChange
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The version before; null for a new package, and for one of which only configuration files were left.</summary>
    public string? From { get; init; }

    /// <summary>The version after; null for a removed package.</summary>
    public string? To { get; init; }
}
