using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The state of packages that an installation ensures.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PackageState>))]
public enum PackageState
{
    /// <summary>Installed in any version: an installed package is not upgraded.</summary>
    Present,

    /// <summary>Installed in the newest version that the index has.</summary>
    Latest,
}
