using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>An output stream of a command.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<OutputStream>))]
public enum OutputStream
{
    /// <summary>The standard output.</summary>
    Stdout,

    /// <summary>The standard error.</summary>
    Stderr,
}
