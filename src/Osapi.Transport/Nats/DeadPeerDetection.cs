using System.Net.Sockets;

namespace Osapi.Transport.Nats;

/// <summary>
/// Ends a connection whose other side confirms nothing any more. It is the kernel that watches, on both sides: a broker that is slow, or a
/// machine that is busy, still confirms what arrives, and only a dead link does not.
/// </summary>
internal static class DeadPeerDetection
{
    // Linux: tcp(7).
    private const int Tcp = 6;
    private const int UserTimeout = 18;

    private const int ProbeIntervalSeconds = 1;
    private const int Probes = 3;
    private static readonly TimeSpan UnacknowledgedTimeout = TimeSpan.FromSeconds(2.5);

    /// <summary>Watches a connection: what is sent has to be confirmed in time, and when nothing is sent, probes are.</summary>
    public static void Enable(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        socket.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes((int)UnacknowledgedTimeout.TotalMilliseconds));
    }
}
