using System.Net.Sockets;

namespace Osapi.Client;

/// <summary>Connections over a Unix socket.</summary>
internal static class UnixSocket
{
    /// <summary>The address in requests, which nothing resolves.</summary>
    public static Uri BaseUrl { get; } = new("http://localhost");

    public static void Use(SocketsHttpHandler handler, string path) => handler.ConnectCallback = async (_, cancellationToken) =>
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    };
}
