using System.Net.Sockets;

namespace Osapi.Controller;

/// <summary>Handles the file of a Unix socket.</summary>
public static class SocketFile
{
    /// <summary>The default name in a state directory.</summary>
    public const string Name = "osapi.sock";

    /// <summary>True when a process listens on the socket.</summary>
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

    /// <summary>Removes the file that a killed process left behind.</summary>
    /// <exception cref="IOException">A process listens there, or it is not a socket.</exception>
    internal static void Clear(string path)
    {
        if (!Path.Exists(path))
            return;
        if (IsListening(path))
            throw new IOException($"Another process already listens on the socket {path}.");
        // A socket has no content: a mistyped path must not delete a file.
        if (Directory.Exists(path) || new FileInfo(path).Length > 0)
            throw new IOException($"{path} exists and is not a socket; it was not replaced.");
        File.Delete(path);
    }
}
