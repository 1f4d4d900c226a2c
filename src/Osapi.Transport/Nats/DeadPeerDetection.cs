using System.Net.Sockets;

namespace Osapi.Transport.Nats;

/// <summary>Ends a connection whose peer no longer acknowledges packets.</summary>
/// <remarks>
/// The kernels on both sides do the detection: a slow broker or a busy machine still acknowledges, and only a dead link
/// does not.
/// </remarks>
internal static class DeadPeerDetection
{
    // Linux: tcp(7).
    private const int Tcp = 6;
    private const int UserTimeout = 18;

    private const int ProbeIntervalSeconds = 1;
    private const int Probes = 3;
    private static readonly TimeSpan UnacknowledgedTimeout = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// Enables the detection on a socket: sent data must be acknowledged in time, and idle connections are probed.
    /// </summary>
    public static void Enable(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        socket.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes((int)UnacknowledgedTimeout.TotalMilliseconds));
    }
}
