using System.Net.Sockets;
using Osapi.Client;
using Osapi.Controller.Auth;
using Osapi.Transport.Trust;

namespace Osapi.Fleet.Tests.Running;

/// <summary>Calls to one controller, over the socket on its host.</summary>
internal sealed class ControllerCalls : IDisposable
{
    /// <summary>Not the default directory: the hosts see this machine's content there.</summary>
    public const string State = "/var/lib/osapi-fleet";

    public ControllerCalls(FleetHost host)
    {
        Host = host;
        var key = SigningKey.LoadOrCreate(host.Outside($"{State}/{SigningKey.FileName}"));
        var token = new Tokens(key, TimeProvider.System).Generate("fleet", ["admin"], [], TimeSpan.FromHours(1));
        Waiting = new(new Uri("http://localhost"), token, Handler(host.Outside($"{State}/osapi.sock")));
        Accepting = new(new Uri("http://localhost"), token, new RespondAsync(Handler(host.Outside($"{State}/osapi.sock"))));
    }

    public FleetHost Host { get; }

    /// <summary>The client that waits for the replies of hosts.</summary>
    public OsapiClient Waiting { get; }

    /// <summary>The client that returns once the job is accepted.</summary>
    public OsapiClient Accepting { get; }

    /// <summary>Gives a controller the keys that all of a system have.</summary>
    public static void WriteKeys(FleetHost host, string directory)
    {
        Directory.CreateDirectory(host.Outside(State));
        foreach (var name in (string[])[SigningKey.FileName, ControllerKeys.FileName])
            File.Copy(Path.Combine(directory, name), host.Outside($"{State}/{name}"), overwrite: true);
    }

    public void Dispose()
    {
        Waiting.Dispose();
        Accepting.Dispose();
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

    private sealed class RespondAsync(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("Prefer", "respond-async");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
