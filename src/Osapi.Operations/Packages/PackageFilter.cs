using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The filter for a list of packages by state.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PackageFilter>))]
public enum PackageFilter
{
    /// <summary>Packages that are installed.</summary>
    Installed,

    /// <summary>Packages that are on hold.</summary>
    Held,

    /// <summary>Packages whose installation or configuration did not end.</summary>
    Broken,

    /// <summary>Removed packages whose configuration files are left.</summary>
    ConfigFiles,

    /// <summary>Every package that the host knows the state of.</summary>
    All,
}
