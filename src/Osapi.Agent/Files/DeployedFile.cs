using System.Text.Json.Serialization;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>The record of a deployed file. A null setting was not requested and is not monitored.</summary>
internal sealed record DeployedFile
{
    public required string ObjectName { get; init; }

    public required string Path { get; init; }

    public required FileContentType ContentType { get; init; }

    public required string Sha256 { get; init; }

    public required long Size { get; init; }

    public string? Mode { get; init; }

    public string? Owner { get; init; }

    public string? Group { get; init; }

    /// <summary>True when links of users into other users' directories may be followed on the path.</summary>
    public bool? FollowLinks { get; init; }

    public required DateTimeOffset DeployedAt { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(DeployedFile))]
internal sealed partial class DeployedFileJson : JsonSerializerContext;
