using Osapi.Operations;

namespace Osapi.Agent.Hosts;

/// <summary>Reads the machine's own files.</summary>
internal static class HostFiles
{
    /// <summary>A file's text.</summary>
    /// <exception cref="OperationException">It cannot be read; the message names it.</exception>
    public static string Read(this Host host, string path)
    {
        try
        {
            return File.ReadAllText(host.Full(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperationException(ErrorType.Unavailable, $"{path} cannot be read: {Cause(exception)}");
        }
    }

    /// <summary>The first of several files that exists; null when none does.</summary>
    public static string? ReadFirst(this Host host, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
            if (File.Exists(host.Full(path)))
                return host.Read(path);
        return null;
    }

    /// <summary>An error for a file whose content is not what the kernel or the distribution writes.</summary>
    public static OperationException InvalidText(string path, string expected) => new(ErrorType.Unavailable, $"{path} has no {expected}");

    /// <summary>Where a path of the machine really lies.</summary>
    public static string Full(this Host host, string path) => host.Root == "/" ? path : Path.Join(host.Root, path);

    // The framework's messages name the real path, which is not the machine's in a prepared tree.
    private static string Cause(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "permission denied",
        _ => exception.Message.ReplaceLineEndings(" "),
    };
}
