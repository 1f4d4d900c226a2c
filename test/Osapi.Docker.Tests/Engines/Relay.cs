using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Osapi.Docker.Tests.Engines;

/// <summary>
/// A proxy in front of a real engine or registry that forwards everything except one kind of request: that one is never
/// answered, and its connection is closed when the test says so.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stop = new();
    private readonly Socket listener;
    private readonly EndPoint behind;
    private readonly string hold;
    private readonly Task accepting;

    /// <summary>Creates a relay.</summary>
    /// <param name="listen">The address that it listens on.</param>
    /// <param name="behind">The address that it forwards to.</param>
    /// <param name="hold">A text in the first line of the request to hold.</param>
    public Relay(EndPoint listen, EndPoint behind, string hold)
    {
        (this.behind, this.hold) = (behind, hold);
        listener = Open(listen);
        listener.Bind(listen);
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    /// <summary>The task that completes with the first line of the held request.</summary>
    public Task<string> Held => held.Task;

    /// <summary>Closes the connection of the held request.</summary>
    public void Release() => release.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        release.TrySetResult();
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
                serving.Add(ServeAsync(await listener.AcceptAsync(stop.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket front)
    {
        using var ours = new NetworkStream(front, ownsSocket: true);
        using var socket = Open(behind);
        try
        {
            await socket.ConnectAsync(behind, stop.Token);
            using NetworkStream theirs = new(socket);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            var back = BackAsync(theirs, ours, front, both.Token);
            var buffer = new byte[64 * 1024];
            while (await ours.ReadAsync(buffer, stop.Token) is > 0 and var count)
            {
                var first = Encoding.Latin1.GetString(buffer, 0, count).Split('\r', 2)[0];
                if (first.Contains(hold, StringComparison.Ordinal))
                {
                    held.TrySetResult(first);
                    await release.Task;
                    break;
                }

                await theirs.WriteAsync(buffer.AsMemory(0, count), stop.Token);
            }

            await both.CancelAsync();
            await back;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // Either end is closed.
        }
    }

    // The end of a response may be the end of the connection.
    private static async Task BackAsync(NetworkStream theirs, NetworkStream ours, Socket front, CancellationToken cancellationToken)
    {
        await theirs.CopyToAsync(ours, cancellationToken);
        front.Shutdown(SocketShutdown.Both);
    }

    private static Socket Open(EndPoint at) =>
        new(at.AddressFamily, SocketType.Stream, at.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
}
