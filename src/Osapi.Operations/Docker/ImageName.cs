using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>
/// The name of an image: <c>alpine:3.20</c>, <c>registry.example.com:5000/team/app@sha256:...</c>; without a tag or digest it is the tag
/// <c>latest</c>, without a registry it is Docker Hub. Where an image is on the host already its id names it, too.
/// </summary>
[JsonConverter(typeof(TextConverter<ImageName>))]
public sealed record ImageName : IStringValue<ImageName>
{
    private const string Host = "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private const string Segment = "[a-z0-9]+((\\.|__?|-+)[a-z0-9]+)*";
    private const string DigestText = "[a-z0-9]+:[0-9a-f]{32,128}";
    private const int MaxCharacters = 512;

    private ImageName(string value) => Value = value;

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new(
        $"^((({Host}(\\.{Host})*|\\[[0-9a-fA-F:.]+\\])(:[0-9]{{1,5}})?/)?{Segment}(/{Segment})*(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{{0,127}})?(@{DigestText})?|sha256:[0-9a-f]{{64}})$",
        "the name of an image, such as alpine:3.20 or registry.example.com/team/app@sha256:DIGEST, its path in lower case");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>True when it is the id of an image, which no registry knows.</summary>
    public bool IsId => Value.StartsWith("sha256:", StringComparison.Ordinal);

    /// <summary>The registry as the name says it; <c>docker.io</c> when it says none.</summary>
    public string Registry =>
        Value.Split('/') is [var first, _, ..] && (first == "localhost" || first.AsSpan().ContainsAny('.', ':')) ? first : "docker.io";

    /// <summary>The digest; null when it names none.</summary>
    public string? Digest => Value.Split('@') is [_, var digest] ? digest : null;

    /// <summary>The tag; <c>latest</c> when it names neither tag nor digest, null when it names a digest only.</summary>
    public string? Tag => TagStart is { } start ? Named[(start + 1)..] : Digest is null ? "latest" : null;

    /// <summary>The name without tag and digest.</summary>
    public string Repository => TagStart is { } start ? Named[..start] : Named;

    static ImageName? IStringValue<ImageName>.Create(string value) => value.Length <= MaxCharacters ? new(value) : null;

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static implicit operator ImageName(string text) => Text.Parse<ImageName>(text);

    private string Named => Value.Split('@')[0];

    // The colon of a port stands before a slash.
    private int? TagStart => Named.LastIndexOf(':') is >= 0 and var colon && colon > Named.LastIndexOf('/') ? colon : null;
}
