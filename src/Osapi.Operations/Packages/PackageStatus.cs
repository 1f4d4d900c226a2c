using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The state of a package on a host (dpkg(1)).</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PackageStatus>)), NewerName(nameof(HalfInstalled))]
public enum PackageStatus
{
    /// <summary>Unpacked and configured.</summary>
    Installed,

    /// <summary>Removed; only its configuration files are left.</summary>
    ConfigFiles,

    /// <summary>The installation began, and did not end.</summary>
    HalfInstalled,

    /// <summary>Unpacked, and not configured.</summary>
    Unpacked,

    /// <summary>Unpacked; its configuration began, and did not end.</summary>
    HalfConfigured,

    /// <summary>Waits for triggers of another package.</summary>
    TriggersAwaited,

    /// <summary>Its own triggers have not run.</summary>
    TriggersPending,
}
