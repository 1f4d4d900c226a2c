using System.Text;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The path of a file on a host, absolute and normalized, so that each file has exactly one path.</summary>
[JsonConverter(typeof(TextConverter<FilePath>)), ResourceName]
public sealed record FilePath : IStringValue<FilePath>
{
    // PATH_MAX includes the terminating NUL (limits.h(0p)).
    private const int MaxBytes = 4095;

    // NAME_MAX of the common file systems.
    private const int MaxNameBytes = 255;

    private FilePath(string value) => Value = value;

    static TextRule IStringValue<FilePath>.Rule { get; } = new(
        $"^(/{PathText.Segment})+$",
        "an absolute path of a file, without control characters, no slash at the end, no segment that is empty, '.', '..' or longer than 255 bytes");

    /// <inheritdoc/>
    public string Value { get; }

    static FilePath? IStringValue<FilePath>.Create(string value) =>
        value.Length <= MaxBytes && Encoding.UTF8.GetByteCount(value) <= MaxBytes && value.Split('/').All(name => Encoding.UTF8.GetByteCount(name) <= MaxNameBytes) ? new(value) : null;

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a path.</summary>
    /// <exception cref="FormatException">The text is not an absolute, normalized path.</exception>
    public static implicit operator FilePath(string text) => Text.Parse<FilePath>(text);
}
