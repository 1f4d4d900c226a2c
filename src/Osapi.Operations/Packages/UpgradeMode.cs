using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The reach of an upgrade.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<UpgradeMode>))]
public enum UpgradeMode
{
    /// <summary>Nothing is removed; new dependencies are installed.</summary>
    Safe,

    /// <summary>Packages that are in the way of an upgrade are removed.</summary>
    Full,
}
