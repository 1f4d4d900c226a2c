using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Osapi.Cli.Tests.Running;

/// <summary>A controller that accepts every call, is live but not ready, and never answers anything else.</summary>
internal sealed class UnresponsiveController : IAsyncDisposable
{
    private const string Length = "Content-Length:";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<string> requests = Channel.CreateUnbounded<string>();
    private readonly bool healthy;
    private readonly Task accepting;

    public UnresponsiveController(bool healthy)
    {
        this.healthy = healthy;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Url => $"http://{listener.LocalEndpoint}";

    /// <summary>Waits for the next request, such as <c>GET /health</c>.</summary>
    public ValueTask<string> RequestAsync() => requests.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
                serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        var stream = connection.GetStream();
        using StreamReader reader = new(stream);
        try
        {
            while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } first)
            {
                var body = 0;
                while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } header)
                    if (header.StartsWith(Length, StringComparison.OrdinalIgnoreCase))
                        body = int.Parse(header.AsSpan(Length.Length), CultureInfo.InvariantCulture);

                var request = string.Join(' ', first.Split(' ')[..2]);
                requests.Writer.TryWrite(request);
                // The content does not matter.
                if (body > 0)
                    await reader.ReadBlockAsync(new char[body], stop.Token);
                if (healthy && request == "GET /health")
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}"u8.ToArray(), stop.Token);
                else if (request == "GET /health/ready")
                    await stream.WriteAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 58\r\n\r\n{\"status\":\"not_ready\",\"error\":\"the store does not answer\"}"u8.ToArray(), stop.Token);
                else if (request == "POST /run" || request.EndsWith("/cancel", StringComparison.Ordinal) || request.StartsWith("GET /target?", StringComparison.Ordinal))
                    await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller has disconnected, or the test is over.
        }
    }
}
