using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>The state of a service that an update ensures.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<DesiredServiceState>))]
public enum DesiredServiceState
{
    /// <summary>The unit is active.</summary>
    Running,

    /// <summary>The unit is inactive.</summary>
    Stopped,
}
