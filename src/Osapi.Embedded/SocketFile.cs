namespace Osapi.Embedded;

/// <summary>The file of a Unix socket.</summary>
internal static class SocketFile
{
    /// <summary>Removes what a run that was killed left behind.</summary>
    /// <exception cref="IOException">Something listens there, or it is no socket.</exception>
    public static void Clear(string path)
    {
        if (!Path.Exists(path))
            return;
        if (LocalClient.IsListening(path))
            throw new IOException($"Something listens on the socket {path} already.");
        // A socket has no content: a slip in the path must not cost a file.
        if (Directory.Exists(path) || new FileInfo(path).Length > 0)
            throw new IOException($"{path} is not a socket; it is left alone.");
        File.Delete(path);
    }
}
