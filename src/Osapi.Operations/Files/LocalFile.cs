using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>
/// The path of a file on the caller's machine; in a plan file, relative to the plan. A request with such a member is sent as
/// multipart/form-data, with the file's content as the part <c>file</c>.
/// </summary>
[JsonConverter(typeof(TextConverter<LocalFile>))]
public sealed record LocalFile : IStringValue<LocalFile>
{
    /// <summary>The name of the form part that carries the content.</summary>
    public const string Part = "file";

    private readonly Stream? content;
    private readonly long start;

    private LocalFile(string value, Stream? content = null)
    {
        Value = value;
        this.content = content;
        start = content is { CanSeek: true } ? content.Position : 0;
    }

    static TextRule IStringValue<LocalFile>.Rule { get; } = new("^[^\\u0000]+$", "the path of a local file");

    /// <inheritdoc/>
    public string Value { get; }

    static LocalFile IStringValue<LocalFile>.Create(string value) => new(value);

    /// <summary>Creates a value whose content comes from a stream. The owner of the stream disposes it. It can be sent again only when the stream can seek.</summary>
    public static LocalFile Of(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new("-", content);
    }

    /// <summary>Creates a value with the path of a file on another machine, which whoever sends the request replaces. Nothing of this machine is read for it.</summary>
    internal static LocalFile Elsewhere(string path) => new(path, Stream.Null);

    /// <summary>Opens the content; a stream starts at its original position. The caller disposes it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public Stream Open()
    {
        if (content is null)
            return new FileStream(Value, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        if (content.CanSeek)
            content.Position = start;
        return new NonClosingStream(content);
    }

    /// <summary>Returns the reason that the content cannot be read; null when it can.</summary>
    internal string? Problem()
    {
        try
        {
            using var stream = Open();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts a path to a file.</summary>
    /// <exception cref="FormatException">The text is not a path.</exception>
    public static implicit operator LocalFile(string path) => Text.Parse<LocalFile>(path);
}
