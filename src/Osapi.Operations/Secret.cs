using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>A secret text for a request, read from where it is kept. It is never printed: <see cref="ToString"/> masks it.</summary>
/// <remarks>Members of requests whose documentation says so are secret on the way and in every answer, whatever type their value has.</remarks>
public readonly struct Secret
{
    private const int MaxFileSize = 16 * 1024 * 1024;

    private readonly string value;

    private Secret(string value) => this.value = value;

    /// <summary>Reads a variable of this process's environment.</summary>
    /// <param name="name">The name of the variable.</param>
    /// <exception cref="InvalidOperationException">There is no such variable.</exception>
    public static Secret FromEnvironment(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"there is no environment variable {name}"));
    }

    /// <summary>Reads a file of this machine, up to 16 MiB of UTF-8. One line break at its end is not part of the secret.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read, or is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read the file.</exception>
    public static Secret FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        return FromStream(file, path);
    }

    /// <summary>Reads a stream to its end, with the rules of <see cref="FromFile"/>.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">The name for errors.</param>
    /// <exception cref="IOException">The stream cannot be read, or is too large.</exception>
    public static Secret FromStream(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream content = new();
        var buffer = new byte[16 * 1024];
        while (stream.Read(buffer) is > 0 and var count)
        {
            content.Write(buffer, 0, count);
            if (content.Length > MaxFileSize)
                throw new IOException($"{name} is larger than {MaxFileSize} bytes");
        }

        content.Position = 0;
        using StreamReader reader = new(content);
        var text = reader.ReadToEnd();
        return new(text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text);
    }

    /// <summary>Wraps a text that is known already.</summary>
    public static Secret Of(string text) => new(text ?? throw new ArgumentNullException(nameof(text)));

    /// <summary>Gets the text, to give it to a request.</summary>
    public string Reveal() => value ?? "";

    /// <inheritdoc cref="Reveal"/>
    public static implicit operator string(Secret secret) => secret.Reveal();

    /// <summary>Gets <c>***</c>.</summary>
    public override string ToString() => SecretMembers.Mask;
}
