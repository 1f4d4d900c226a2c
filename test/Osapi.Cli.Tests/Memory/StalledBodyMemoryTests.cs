using System.Net.Sockets;
using System.Text;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Memory;

/// <summary>Tests of the memory that large unfinished request bodies take in a running system.</summary>
public sealed class StalledBodyMemoryTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Bodies = 60;
    private const int Size = 16 << 20;
    private const long MostResident = 300_000_000;

    // A refused body is not read, and its sender does not learn how far it came.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    private readonly CliFixture fixture = new();
    private readonly List<TcpClient> clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        ResidentMemory.NeedsPublished();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            client.Dispose();
        await fixture.DisposeAsync();
    }

    /// <summary>
    /// Tests the largest bodies that the lowest role can send, and the next one, where templates take variables.
    /// </summary>
    [Theory]
    [InlineData("read", "/node/web-01/network/ping")]
    [InlineData("write", "/node/web-01/file/deploy")]
    public async Task Sixty_of_them_one_byte_short_take_little_memory_and_others_are_answered(string role, string path)
    {
        var system = await fixture.StartSystemAsync("--hostname", "web-01");
        using var other = system.Http(await fixture.TokenAsync("read"));
        var token = (await fixture.RunAsync("token", "generate", "--roles", role, "--subject", "stalling")).With(ExitCode.Ok).Output.Trim();
        var head = Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {Size}\r\n\r\n{{");
        var rest = new byte[Size - 2];
        Array.Fill(rest, (byte)' ');

        await Task.WhenAll(Enumerable.Range(0, Bodies).Select(_ => SendAsync(new Uri(system.Url), head, rest)));
        (await other.GetAsync(new Uri("node/web-01/hostname", UriKind.Relative), Token)).EnsureSuccessStatusCode();

        var resident = ResidentMemory.Of(system.Program);
        output.WriteLine($"{role}: {resident / 1_000_000} MB");
        Assert.InRange(resident, 0, MostResident);
    }

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
