using System.Net.Sockets;
using Osapi.Client;
using Osapi.Controller.Auth;

namespace Osapi.Hosting;

/// <summary>Clients of a system on this machine: over its Unix socket, with a token made from its own key.</summary>
public static class LocalClient
{
    /// <summary>A client of the system that listens on a socket. Whoever can read its key has every permission.</summary>
    public static OsapiClient Create(string socket, string signingKeyFile)
    {
        var key = SigningKey.LoadOrCreate(signingKeyFile);
        var token = new Tokens(key, TimeProvider.System).Generate(UserName(), ["admin"], [], TimeSpan.FromHours(24));
        return new(new Uri("http://localhost"), token, Handler(socket));
    }

    // A minimal host may have no list of users, or none that knows this one.
    private static string UserName()
    {
        try
        {
            return Environment.UserName is { Length: > 0 } name ? name : "local";
        }
        catch (IOException)
        {
            return "local";
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
