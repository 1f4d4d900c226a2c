using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Waits;

/// <summary>The state of a TCP port.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PortState>))]
public enum PortState
{
    /// <summary>It accepts connections.</summary>
    Open,

    /// <summary>It accepts no connections. On the host itself, no program listens on it either.</summary>
    Closed,

    /// <summary>It is closed, and the last connection to it has ended. Only known of the host's own ports.</summary>
    Drained,
}
