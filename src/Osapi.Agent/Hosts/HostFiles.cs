using Osapi.Operations;

namespace Osapi.Agent.Hosts;

/// <summary>Reads the machine's own files.</summary>
internal static class HostFiles
{
    /// <summary>Reads a file's text.</summary>
    /// <exception cref="OperationException">The file cannot be read; the message names it.</exception>
    public static string Read(this Host host, string path)
    {
        try
        {
            return File.ReadAllText(host.FullPath(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperationException(ErrorType.Unavailable, $"{path} cannot be read: {Cause(exception)}");
        }
    }

    /// <summary>Reads the first of several files that exists; null when none does.</summary>
    public static string? ReadFirst(this Host host, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
            if (File.Exists(host.FullPath(path)))
                return host.Read(path);
        return null;
    }

    /// <summary>Creates the error for a file with unexpected content.</summary>
    public static OperationException InvalidText(string path, string expected) => new(ErrorType.Unavailable, $"{path} has no {expected}");

    /// <summary>Gets the real path of a path of the machine.</summary>
    public static string FullPath(this Host host, string path) => host.Root == "/" ? path : Path.Join(host.Root, path);

    // The framework's messages contain the real path, which differs from the machine's in a prepared tree.
    private static string Cause(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "permission denied",
        _ => exception.Message.ReplaceLineEndings(" "),
    };
}
