using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>
/// What a container sees of its host: <c>/srv/data:/data</c> is a path of the host, which must exist, <c>cache:/data</c> a volume of
/// the engine, which is made when it does not. With <c>:ro</c> at the end the container cannot write to it.
/// </summary>
[JsonConverter(typeof(TextConverter<VolumeMapping>))]
public sealed record VolumeMapping : IText<VolumeMapping>
{
    private const string Plain = "[^:\\u0000-\\u001f\\u007f]";

    private VolumeMapping(string value) => Value = value;

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new(
        $"^(/{Plain}*|[a-zA-Z0-9][a-zA-Z0-9_.-]{{0,254}}):/{Plain}+(:(ro|rw))?$",
        "SOURCE:/PATH or SOURCE:/PATH:ro, where SOURCE is an absolute path on the host or the name of a volume");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The path on the host, or the name of a volume.</summary>
    public string Source => Value.Split(':')[0];

    /// <summary>The path in the container.</summary>
    public string Path => Value.Split(':')[1];

    /// <summary>True for a path on the host.</summary>
    public bool IsPath => Value[0] == '/';

    /// <summary>True when the container cannot write to it.</summary>
    public bool IsReadOnly => Value.EndsWith(":ro", StringComparison.Ordinal);

    static VolumeMapping IText<VolumeMapping>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads a mapping.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static implicit operator VolumeMapping(string text) => Text.Parse<VolumeMapping>(text);
}
