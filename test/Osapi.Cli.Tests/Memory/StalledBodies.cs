using System.Net.Sockets;
using System.Text;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Memory;

/// <summary>Sixty request bodies of 16 MiB, each one byte short, on connections that stay open.</summary>
internal sealed class StalledBodies : IDisposable
{
    private const int Count = 60;
    private const int Size = 16 << 20;

    // A refused body is not read, and its sender does not learn how far it came.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    private readonly List<TcpClient> clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Sends them; completes when each was taken as far as it will be.</summary>
    public Task SendAsync(RunningSystem system, string token, string path)
    {
        var head = Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {Size}\r\n\r\n{{");
        var rest = new byte[Size - 2];
        Array.Fill(rest, (byte)' ');
        return Task.WhenAll(Enumerable.Range(0, Count).Select(_ => SendAsync(new Uri(system.Url), head, rest)));
    }

    public void Dispose() => clients.ForEach(client => client.Dispose());

    private async Task SendAsync(Uri url, byte[] head, byte[] rest)
    {
        TcpClient client = new();
        lock (clients)
            clients.Add(client);
        await client.ConnectAsync(url.Host, url.Port, Token);
        try
        {
            using var shortTimeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
            shortTimeout.CancelAfter(ResponseTimeout);
            await client.GetStream().WriteAsync(head, shortTimeout.Token);
            await client.GetStream().WriteAsync(rest, shortTimeout.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It was refused, and its connection closed or left unread.
        }
    }
}
