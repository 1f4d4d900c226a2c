using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>What becomes of a stored file when it is deployed.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FileContentType>)), NewerName(nameof(Raw))]
public enum FileContentType
{
    /// <summary>It is written as it is.</summary>
    Raw,

    /// <summary>It is a Liquid template, rendered on each host.</summary>
    Template,
}
