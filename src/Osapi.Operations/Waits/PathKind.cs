using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Waits;

/// <summary>The kind of what a path leads to, over symbolic links.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PathKind>))]
public enum PathKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A Unix socket.</summary>
    Socket,
}
