using NATS.Client.Core;
using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

/// <summary>
/// A server with exactly the accounts that <c>osapi nats permissions</c> prints for controllers and for agents.
/// </summary>
internal sealed class AccountBroker : IAsyncDisposable
{
    public const string Host = "web-01";

    /// <summary>The name under which the agents' accounts have JetStream's requests.</summary>
    public const string AgentApi = "osapi.js";

    private const string Password = "a password of 2 words";

    private readonly BrokerAccounts accounts;
    private readonly string prefix;

    private AccountBroker(NatsServer server, BrokerAccounts accounts, string prefix) => (Server, this.accounts, this.prefix) = (server, accounts, prefix);

    public NatsServer Server { get; }

    public NatsOptions Controller => new() { Urls = [Server.Url], User = accounts.ControllersUser, Password = Password, Prefix = prefix };

    public NatsOptions Agent => AgentOf(Host);

    /// <summary>Starts a server with an account for each host, <see cref="Host"/> without any.</summary>
    public static Task<AccountBroker> StartAsync(params string[] hosts) => StartAsync("osapi", hosts);

    /// <summary>Starts a server for a system with another prefix.</summary>
    public static async Task<AccountBroker> StartAsync(string prefix, string[] hosts)
    {
        BrokerAccounts accounts = new(prefix);
        var blocks = string.Concat(hosts.DefaultIfEmpty(Host).Select(host => accounts.OfAgent(host, Password)).Prepend(accounts.OfControllers(Password)));
        return new(await NatsServer.StartAsync($"accounts {{\n{blocks}}}"), accounts, prefix);
    }

    public NatsOptions AgentOf(string host) =>
        new() { Urls = [Server.Url], User = accounts.UserOf(host), Password = Password, CreateStreams = false, ApiPrefix = accounts.AgentApiPrefix, Prefix = prefix };

    /// <summary>Connects a client that uses the agent's account without restraint.</summary>
    public NatsConnection Attacker(string host = Host) => Connect(AgentOf(host));

    /// <summary>Connects a client that uses the controllers' account without restraint.</summary>
    public NatsConnection AttackerOfControllers() => Connect(Controller);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static NatsConnection Connect(NatsOptions options) => new(new() { Url = options.Urls[0], AuthOpts = new() { Username = options.User, Password = options.Password } });
}
