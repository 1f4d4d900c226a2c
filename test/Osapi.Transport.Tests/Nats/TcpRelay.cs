using System.Net;
using System.Net.Sockets;

namespace Osapi.Transport.Tests.Nats;

/// <summary>A connection to a server that can be interrupted or delayed in one direction, or interrupted altogether, and whose requests can be changed.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly Task accepting;
    private readonly int port;
    private readonly Lock gate = new();
    private List<TcpClient> ends = [];
    private volatile TaskCompletionSource? held;
    private volatile bool swallowAnswers;
    private volatile bool swallowRequests;

    public TcpRelay(NatsServer server)
    {
        port = server.Port;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Url => $"nats://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Changes the client's messages on their way, without changing their length.</summary>
    public Action<Memory<byte>>? ChangeRequests { get; set; }

    /// <summary>Sees the server's messages before they are held or passed on.</summary>
    public Action<ReadOnlyMemory<byte>>? SeeAnswers { get; set; }

    /// <summary>Holds the server's messages back until <see cref="ReleaseAnswers"/>.</summary>
    public void HoldAnswers() => held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseAnswers() => held?.SetResult();

    /// <summary>Drops the server's messages from now on.</summary>
    public void SwallowAnswers() => swallowAnswers = true;

    /// <summary>Drops the client's messages from now on.</summary>
    public void SwallowRequests() => swallowRequests = true;

    /// <summary>Ends the connection on both sides; the next one works.</summary>
    public void Cut()
    {
        List<TcpClient> cut;
        lock (gate)
            (cut, ends) = (ends, []);
        cut.ForEach(end => end.Dispose());
        swallowAnswers = swallowRequests = false;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        Cut();
        await accepting;
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> pumps = [];
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(closing.Token);
                TcpClient server = new();
                lock (gate)
                    ends.AddRange([client, server]);
                await server.ConnectAsync(IPAddress.Loopback, port, closing.Token);
                pumps.Add(PumpAsync(client.GetStream(), server.GetStream(), () => swallowRequests, bytes => { ChangeRequests?.Invoke(bytes); return Task.CompletedTask; }));
                pumps.Add(PumpAsync(server.GetStream(), client.GetStream(), () => swallowAnswers, HoldAsync));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private Task HoldAsync(Memory<byte> answers)
    {
        SeeAnswers?.Invoke(answers);
        return held?.Task.WaitAsync(closing.Token) ?? Task.CompletedTask;
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<bool> swallow, Func<Memory<byte>, Task> pass)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, closing.Token) is > 0 and var count)
            {
                await pass(buffer.AsMemory(0, count));
                if (!swallow())
                    await to.WriteAsync(buffer.AsMemory(0, count), closing.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException)
        {
        }

        to.Close();
    }
}
