using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>The state of a systemd unit, as a filter.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ActiveState>))]
public enum ActiveState
{
    /// <summary>Started. A service that only ran once may have no process any more.</summary>
    Active,

    /// <summary>Active, and reading its configuration.</summary>
    Reloading,

    /// <summary>Not started.</summary>
    Inactive,

    /// <summary>Not started, because it ended with an error.</summary>
    Failed,

    /// <summary>About to be active; also while it waits for its next automatic restart.</summary>
    Activating,

    /// <summary>About to be inactive.</summary>
    Deactivating,
}
