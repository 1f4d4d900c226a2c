using System.Text;
using Osapi.Client;
using Osapi.Operations.Agents;
using Osapi.Transport.Tests.Nats;

namespace Osapi.Controller.Tests.Broker;

/// <summary>A test with a real broker of its own, for controllers and enrolled agents.</summary>
public abstract class TrustedBrokerTest : IAsyncLifetime
{
    private protected readonly SystemParts parts = new(limit: TimeSpan.FromMinutes(2));
    private protected NatsServer server = null!;
    private protected TrustedParts trust = null!;

    private protected CancellationToken Token => parts.Token;

    public async ValueTask InitializeAsync()
    {
        server = parts.Keep(await NatsServer.StartAsync());
        trust = new(parts, server);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await parts.DisposeAsync();
        trust.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task UntilReadyAsync(OsapiClient client, int count)
    {
        while ((await client.Agent.ListAsync(cancellationToken: Token)).Agents.Count(agent => agent.Status == AgentStatus.Ready) < count)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
    }

    /// <summary>Checks that no file of the broker has a text.</summary>
    private protected async Task AssertBrokerHasNotAsync(string text)
    {
        foreach (var file in Directory.EnumerateFiles(server.Directory, "*", SearchOption.AllDirectories))
        {
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(stream, Encoding.Latin1);
            Assert.DoesNotContain(text, await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
        }
    }
}
