using System.Text;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The path of a file on a host: absolute and in its plain form, so that one file has one path.</summary>
[JsonConverter(typeof(TextConverter<FilePath>))]
public sealed record FilePath : IStringValue<FilePath>
{
    // PATH_MAX counts the NUL at the end (limits.h(0p)).
    private const int MaxBytes = 4095;

    // NAME_MAX, which the usual file systems have in common.
    private const int MaxNameBytes = 255;

    private FilePath(string value) => Value = value;

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new(
        $"^(/{PathText.Segment})+$",
        "an absolute path of a file, without control characters, no slash at the end, no segment that is empty, '.', '..' or longer than 255 bytes");

    /// <inheritdoc/>
    public string Value { get; }

    static FilePath? IStringValue<FilePath>.Create(string value) =>
        value.Length <= MaxBytes && Encoding.UTF8.GetByteCount(value) <= MaxBytes && value.Split('/').All(name => Encoding.UTF8.GetByteCount(name) <= MaxNameBytes) ? new(value) : null;

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">The text is no such path.</exception>
    public static implicit operator FilePath(string text) => Text.Parse<FilePath>(text);
}
