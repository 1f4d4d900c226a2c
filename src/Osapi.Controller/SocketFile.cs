using System.Net.Sockets;

namespace Osapi.Controller;

/// <summary>The file of a Unix socket.</summary>
public static class SocketFile
{
    /// <summary>Its usual name in a state directory.</summary>
    public const string Name = "osapi.sock";

    /// <summary>True when something listens on the socket.</summary>
    public static bool IsListening(string path)
    {
        if (!File.Exists(path))
            return false;
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Removes what a run that was killed left behind.</summary>
    /// <exception cref="IOException">Something listens there, or it is no socket.</exception>
    internal static void Clear(string path)
    {
        if (!Path.Exists(path))
            return;
        if (IsListening(path))
            throw new IOException($"Something listens on the socket {path} already.");
        // A socket has no content: a slip in the path must not cost a file.
        if (Directory.Exists(path) || new FileInfo(path).Length > 0)
            throw new IOException($"{path} is not a socket; it is left alone.");
        File.Delete(path);
    }
}
