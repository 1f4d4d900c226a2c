using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The kind of what a removal removes.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<DeletedKind>))]
public enum DeletedKind
{
    /// <summary>A regular file, or a special one.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,
}
