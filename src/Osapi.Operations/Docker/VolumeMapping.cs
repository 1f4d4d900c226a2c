using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>
/// A mounted host path or volume. <c>/srv/data:/data</c> is a path of the host, which must exist; <c>cache:/data</c> is a volume of
/// the engine, which is created when missing. Options follow after a colon, as in <c>docker run --volume</c>: <c>ro</c> makes the
/// mount read-only; <c>z</c> and <c>Z</c> set the SELinux label of a path, shared by several containers or private to this one;
/// <c>shared</c>, <c>slave</c>, <c>private</c> and the same with <c>r</c> set the mount propagation of a path; <c>nocopy</c> leaves a
/// new volume empty.
/// </summary>
[JsonConverter(typeof(TextConverter<VolumeMapping>))]
public sealed record VolumeMapping : IStringValue<VolumeMapping>
{
    private const string Plain = "[^:\\u0000-\\u001f\\u007f]";

    private const string Option = "(ro|rw|z|Z|r?shared|r?slave|r?private|nocopy)";

    private VolumeMapping(string value) => Value = value;

    static TextRule IStringValue<VolumeMapping>.Rule { get; } = new(
        $"^(/{Plain}*|[a-zA-Z0-9][a-zA-Z0-9_.-]{{0,254}}):/{Plain}+(:{Option}(,{Option}){{0,3}})?$",
        "SOURCE:/PATH[:OPTION,...], where SOURCE is an absolute path on the host or the name of a volume, and the options are ro or rw, z or Z, one of shared, slave, private, rshared, rslave, rprivate (of a path), nocopy (of a volume)");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The path on the host, or the name of a volume.</summary>
    public string Source => Value.Split(':')[0];

    /// <summary>The path in the container.</summary>
    public string Path => Value.Split(':')[1];

    /// <summary>True for a path on the host.</summary>
    public bool IsPath => Value[0] == '/';

    /// <summary>True when the mount is read-only.</summary>
    public bool IsReadOnly => Options.Contains("ro");

    /// <summary>The SELinux label of a path: <c>z</c> when shared by several containers, <c>Z</c> when private to this one; null for none.</summary>
    public string? Label => Options.FirstOrDefault(option => option is "z" or "Z");

    /// <summary>The mount propagation of a path; null for the engine's default, rprivate.</summary>
    public string? Propagation => Options.FirstOrDefault(option => option.EndsWith("shared", StringComparison.Ordinal) || option.EndsWith("slave", StringComparison.Ordinal) || option.EndsWith("private", StringComparison.Ordinal));

    /// <summary>True when the image's files at the path are not copied into a new volume.</summary>
    public bool IsNoCopy => Options.Contains("nocopy");

    private string[] Options => Value.Split(':') is [_, _, var options] ? options.Split(',') : [];

    // At most one option of each kind, and only options that fit a path or a volume.
    private bool IsValid =>
        Options.Count(option => option is "ro" or "rw") <= 1
        && Options.Count(option => option is "z" or "Z") <= 1
        && Options.Count(option => option == "nocopy") <= (IsPath ? 0 : 1)
        && Options.Count(option => option is not ("ro" or "rw" or "z" or "Z" or "nocopy")) <= (IsPath ? 1 : 0);

    static VolumeMapping? IStringValue<VolumeMapping>.Create(string value) => new VolumeMapping(value) is { IsValid: true } mapping ? mapping : null;

    static VolumeMapping? IStringValue<VolumeMapping>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a mapping.</summary>
    /// <exception cref="FormatException">The text is not a volume mapping.</exception>
    public static implicit operator VolumeMapping(string text) => Text.Parse<VolumeMapping>(text);
}
