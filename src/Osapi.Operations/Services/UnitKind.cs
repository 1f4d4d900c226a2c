using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>The type of a systemd unit, as a filter.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<UnitKind>))]
public enum UnitKind
{
    /// <summary>Every type.</summary>
    All,

    /// <summary>A process, or a group of them.</summary>
    Service,

    /// <summary>A socket that starts a service.</summary>
    Socket,

    /// <summary>A timer that starts a service.</summary>
    Timer,

    /// <summary>A path whose change starts a service.</summary>
    Path,

    /// <summary>A mounted file system.</summary>
    Mount,

    /// <summary>A file system that is mounted when it is used.</summary>
    Automount,

    /// <summary>Swap space.</summary>
    Swap,

    /// <summary>A group of units.</summary>
    Target,

    /// <summary>A group of processes with common limits.</summary>
    Slice,

    /// <summary>A group of processes that another program started.</summary>
    Scope,

    /// <summary>A device.</summary>
    Device,
}
