using System.Text.RegularExpressions;
using NATS.Client.Core;
using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

/// <summary>
/// A server with exactly the accounts that docs/nats.md gives to controllers and to the agent of <c>web-01</c>.
/// </summary>
internal sealed partial class DocumentedBroker : IAsyncDisposable
{
    public const string Host = "web-01";

    /// <summary>The name under which the agent's account has JetStream's requests.</summary>
    public const string AgentApi = "osapi.js";

    private readonly NatsServer server;

    private DocumentedBroker(NatsServer server) => this.server = server;

    public NatsOptions Controller => new() { Urls = [server.Url], User = "controller", Password = "CONTROLLER" };

    public NatsOptions Agent => new() { Urls = [server.Url], User = Host, Password = "WEB_01", CreateStreams = false, ApiPrefix = AgentApi };

    public static async Task<DocumentedBroker> StartAsync() => new(await NatsServer.StartAsync(Block.Match(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "nats.md"))).Groups[1].Value));

    /// <summary>Connects a client that uses the agent's account without restraint.</summary>
    public NatsConnection Attacker() => new(new() { Url = server.Url, AuthOpts = new() { Username = Host, Password = "WEB_01" } });

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [GeneratedRegex(@"```\n(accounts \{\n.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Block { get; }
}
