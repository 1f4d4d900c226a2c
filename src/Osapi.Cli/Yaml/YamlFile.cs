using Osapi.Cli.Streams;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Yaml;

/// <summary>Loads YAML files, up to 4 MiB.</summary>
internal static class YamlFile
{
    private const int MaxFileSize = 4 * 1024 * 1024;

    /// <summary>Reads a file, or standard input for <c>-</c>. The root is null when there are problems, or the file is empty.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static YamlDocument Load(string path) => Parse(ReadBytes(path), path);

    /// <summary>Parses the bytes of a file; null for one that is too large.</summary>
    public static YamlDocument Parse(byte[]? bytes, string path) =>
        bytes is null ? new(null, [new(1, 1, $"the file is larger than {MaxFileSize / 1024 / 1024} MiB")], new(path, "")) : YamlBytes.Parse(bytes, path);

    /// <summary>Returns the bytes of a file, or of standard input for <c>-</c>; null when there are too many.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static byte[]? ReadBytes(string path)
    {
        if (path.Length == 0)
            throw new CommandException(ExitCode.BadInput, "the name of a file must not be empty");
        if (Directory.Exists(path))
            throw new CommandException(ExitCode.BadInput, $"{path} cannot be read: it is a directory");
        if (path == "-" && StandardDescriptors.IsClosed(0))
            throw new CommandException(ExitCode.BadInput, "standard input cannot be read: it is closed");
        try
        {
            using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            // Limited while reading: a pipe or a device has no length.
            var bytes = new byte[MaxFileSize + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MaxFileSize ? null : bytes[..length];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path} cannot be read: {exception.Message.TrimEnd('.')}{NearestFile.Hint(path)}");
        }
    }
}
