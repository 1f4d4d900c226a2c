using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>
/// The name of an image, such as <c>alpine:3.20</c> or <c>registry.example.com:5000/team/app@sha256:...</c>. The default tag is
/// <c>latest</c>, the default registry Docker Hub. An image that is on the host can also be named by its id.
/// </summary>
[JsonConverter(typeof(TextConverter<ImageName>)), ResourceName]
public sealed record ImageName : IStringValue<ImageName>
{
    private const string Host = "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private const string Segment = "[a-z0-9]+((\\.|__?|-+)[a-z0-9]+)*";
    private const string DigestText = "[a-z0-9]+:[0-9a-f]{32,128}";
    private const int MaxCharacters = 512;

    private ImageName(string value) => Value = value;

    static TextRule IStringValue<ImageName>.Rule { get; } = new(
        $"^((({Host}(\\.{Host})*|\\[[0-9a-fA-F:.]+\\])(:[0-9]{{1,5}})?/)?{Segment}(/{Segment})*(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{{0,127}})?(@{DigestText})?|sha256:[0-9a-f]{{64}})$",
        "the name of an image, such as alpine:3.20 or registry.example.com/team/app@sha256:DIGEST, its path in lower case");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>True when this is the id of an image, which registries do not accept.</summary>
    public bool IsId => Value.StartsWith("sha256:", StringComparison.Ordinal);

    /// <summary>The registry in the name; <c>docker.io</c> when the name has none.</summary>
    public string Registry =>
        Value.Split('/') is [var first, _, ..] && (first == "localhost" || first.AsSpan().ContainsAny('.', ':')) ? first : "docker.io";

    /// <summary>The digest; null when the name has none.</summary>
    public string? Digest => Value.Split('@') is [_, var digest] ? digest : null;

    /// <summary>The tag; <c>latest</c> when the name has neither tag nor digest, null when it has only a digest.</summary>
    public string? Tag => TagStart is { } start ? WithoutDigest[(start + 1)..] : Digest is null ? "latest" : null;

    /// <summary>The name without tag and digest, including the registry.</summary>
    public string Repository => TagStart is { } start ? WithoutDigest[..start] : WithoutDigest;

    static ImageName? IStringValue<ImageName>.Create(string value) => value.Length <= MaxCharacters ? new(value) : null;

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not the name of an image.</exception>
    public static implicit operator ImageName(string text) => Text.Parse<ImageName>(text);

    private string WithoutDigest => Value.Split('@')[0];

    // The colon of a port is before a slash.
    private int? TagStart => WithoutDigest.LastIndexOf(':') is >= 0 and var colon && colon > WithoutDigest.LastIndexOf('/') ? colon : null;
}
