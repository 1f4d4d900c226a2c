using System.Net.Sockets;
using Osapi.Client;
using Osapi.Controller.Auth;

namespace Osapi.Embedded;

/// <summary>Clients of a system on this machine: over its Unix socket, with a token made from its own key.</summary>
public static class LocalClient
{
    /// <summary>The name of the socket in the state directory.</summary>
    public const string SocketName = "osapi.sock";

    /// <summary>A client of the system that keeps its state in a directory. Whoever can read its key has every permission.</summary>
    public static OsapiClient Create(string stateDirectory, string socket)
    {
        var key = SigningKey.LoadOrCreate(Path.Combine(stateDirectory, "signing.key"));
        var token = new Tokens(key, TimeProvider.System).Generate(Environment.UserName, ["admin"], [], TimeSpan.FromHours(24));
        return new(new Uri("http://localhost"), token, Handler(socket));
    }

    /// <summary>True when something listens on the socket.</summary>
    public static bool IsListening(string socket)
    {
        if (!File.Exists(socket))
            return false;
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static SocketsHttpHandler Handler(string path) => new()
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
