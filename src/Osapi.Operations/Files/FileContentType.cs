using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The processing of a stored file when it is deployed.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FileContentType>)), NewerName(nameof(Raw))]
public enum FileContentType
{
    /// <summary>Written unchanged.</summary>
    Raw,

    /// <summary>Rendered as a Liquid template on each host.</summary>
    Template,
}
