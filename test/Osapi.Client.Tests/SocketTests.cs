using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Osapi.Client.Tests;

/// <summary>A controller on the same machine is reached over its Unix socket.</summary>
public sealed class SocketTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("osapi-socket-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(directory.FullName, "osapi.sock");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_client_calls_over_a_socket()
    {
        using OsapiClient client = OsapiClient.ForSocket(SocketPath, "secret");

        Assert.Contains("Authorization: Bearer secret", await ServeAsync(() => client.Health.LivenessAsync(cancellationToken: Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_injected_client_does_too()
    {
        ServiceCollection services = new();
        services.AddOsapiClient(options => options.Socket = SocketPath);
        await using var provider = services.BuildServiceProvider();

        Assert.StartsWith("GET /health HTTP/1.1", await ServeAsync(() => provider.GetRequiredService<OsapiClient>().Health.LivenessAsync(cancellationToken: Token)), StringComparison.Ordinal);
    }

    // Answers one request and returns its head.
    private async Task<string> ServeAsync(Func<Task> call)
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        var calling = call();
        using var connection = await listener.AcceptAsync(Token);
        var buffer = new byte[4096];
        var count = await connection.ReceiveAsync(buffer, Token);
        await connection.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}"), Token);
        await calling;
        return Encoding.ASCII.GetString(buffer, 0, count);
    }
}
