using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Waits;

/// <summary>The state of a path.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PathState>))]
public enum PathState
{
    /// <summary>It exists.</summary>
    Present,

    /// <summary>It does not exist.</summary>
    Absent,
}
