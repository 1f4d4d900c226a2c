using System.Net.Sockets;
using System.Text;

namespace Osapi.Cli.Tests.Hosting;

/// <summary>The socket on which systemd receives notifications of a service.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public NotifySocket(string path) => socket.Bind(new UnixDomainSocketEndPoint(path));

    /// <summary>Waits for a message that has the line.</summary>
    public async Task<string> FindAsync(string line)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(40));
        var buffer = new byte[4096];
        while (true)
        {
            var message = Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, bound.Token));
            if (message.Split('\n').Contains(line))
                return message;
        }
    }

    public void Dispose() => socket.Dispose();
}
