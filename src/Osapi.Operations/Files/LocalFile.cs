using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>
/// A file of the caller's machine, by its path; in a plan file, relative to the plan. A request with such a member
/// travels as multipart/form-data, where the file's content stands in its place as the part <c>file</c>.
/// </summary>
[JsonConverter(typeof(TextConverter<LocalFile>))]
public sealed record LocalFile : IStringValue<LocalFile>
{
    /// <summary>The part of a form that carries the content.</summary>
    public const string Part = "file";

    private readonly Stream? content;

    private LocalFile(string value, Stream? content = null)
    {
        Value = value;
        this.content = content;
    }

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new("^[^\\u0000]+$", "the path of a local file");

    /// <inheritdoc/>
    public string Value { get; }

    static LocalFile IStringValue<LocalFile>.Create(string value) => new(value);

    /// <summary>The content of a stream instead of a file's. Whoever opened the stream disposes it; it can be sent again only if it can seek.</summary>
    public static LocalFile Of(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new("-", content);
    }

    /// <summary>The content, from where it begins: from where the stream stood, that is. The caller disposes it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public Stream Open() => content is null
        ? new FileStream(Value, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous)
        : new NonClosingStream(content);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Names a file.</summary>
    /// <exception cref="FormatException">The text cannot be a path.</exception>
    public static implicit operator LocalFile(string path) => Text.Parse<LocalFile>(path);
}
