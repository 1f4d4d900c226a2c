using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Osapi.Client;
using Osapi.Controller.Auth;
using Osapi.Hosting;
using Osapi.Operations.Agents;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Nats;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Attacks;

/// <summary>
/// A fleet as an operator makes it: a broker with the accounts of <c>osapi nats permissions</c>, a controller, and enrolled agents, none of which believes anything
/// unsigned. One more host was enrolled; its agent has stopped, and the attacker has its key and its account.
/// </summary>
internal sealed class AttackedFleet : IAsyncDisposable
{
    public const string Evil = "evil-01";

    public static readonly string[] Hosts = ["web-01", "db-01"];

    private readonly CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<IAsyncDisposable> parts = [];
    private AccountBroker broker = null!;
    private OsapiNode controller = null!;

    private AttackedFleet() => limit.CancelAfter(TimeSpan.FromMinutes(4));

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("osapi-attack-").FullName;

    public CancellationToken Token => limit.Token;

    public Logs Logs { get; } = new();

    public SkipCounts Skipped { get; } = new();

    public BrokerRecording Recording { get; private set; } = null!;

    public OsapiClient Client { get; private set; } = null!;

    public Uri Url => new(controller.Urls[0]);

    public string BrokerDirectory => broker.Server.Directory;

    /// <summary>The public key of the controllers.</summary>
    public ControllerPublicKey Controllers { get; private set; } = null!;

    /// <summary>The key of the host that the attacker has.</summary>
    public AgentKeys EvilKeys { get; private set; } = null!;

    public NatsOpts EvilAccount => Opts(broker.AgentOf(Evil));

    public NatsOpts FullAccount => Opts(broker.Controller);

    public static async Task<AttackedFleet> StartAsync()
    {
        AttackedFleet fleet = new();
        try
        {
            await fleet.BeginAsync();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a token of a caller, signed by the controllers.</summary>
    public string TokenOf(string subject, string role) =>
        new Tokens(SigningKey.LoadOrCreate(Path.Combine(StateOf("controller"), SigningKey.FileName)), TimeProvider.System).Generate(subject, [role], [], TimeSpan.FromHours(1));

    public T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(parts))
            await part.DisposeAsync();
        Client?.Dispose();
        EvilKeys?.Dispose();
        Skipped.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
        limit.Dispose();
    }

    private async Task BeginAsync()
    {
        broker = Keep(await AccountBroker.StartAsync([.. Hosts, Evil]));
        Recording = Keep(await BrokerRecording.StartAsync(FullAccount, Token));
        controller = Keep(await OsapiNode.StartAsync(
            new()
            {
                StateDirectory = StateOf("controller"),
                Nats = broker.Controller,
                Trust = new() { AllowsUnsigned = false },
                // Answers to invalid tokens are not delayed: that has a test of its own.
                Controller = new() { Urls = [new("http://127.0.0.1:0")], Limits = new() { MaxFailedLogins = 1_000_000 } },
                Agent = null,
                Logging = logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(Logs),
            },
            Token));
        Client = controller.CreateClient();
        var token = JoinToken.Parse((await Client.Agent.CreateJoinTokenAsync(new() { Name = "*" }, cancellationToken: Token)).Token);
        foreach (var host in Hosts)
            Keep(await AgentAsync(host, token));
        await (await AgentAsync(Evil, token)).DisposeAsync();
        // One that was started again has records of an earlier session.
        await parts[^1].DisposeAsync();
        parts[^1] = await AgentAsync(Hosts[^1], token: null);
        using (var keys = ControllerKeys.LoadOrCreate(Path.Combine(StateOf("controller"), ControllerKeys.FileName)))
            Controllers = keys.Public;
        EvilKeys = AgentKeys.LoadOrCreate(Path.Combine(StateOf(Evil), AgentKeys.FileName));
        while ((await Client.Agent.ListAsync(cancellationToken: Token)).Agents.Count(agent => agent is { Status: AgentStatus.Ready, State: AgentState.Ready }) < Hosts.Length)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
    }

    private Task<OsapiNode> AgentAsync(string name, JoinToken? token) => OsapiNode.StartAsync(
        new()
        {
            StateDirectory = StateOf(name),
            Nats = broker.AgentOf(name),
            Trust = new() { AllowsUnsigned = false },
            Controller = null,
            Agent = new() { Hostname = name, JoinToken = token },
            Logging = logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(Logs),
        },
        Token);

    private string StateOf(string name) => Path.Combine(Directory, name);

    private static NatsOpts Opts(NatsOptions options) => new() { Url = options.Urls[0], AuthOpts = new() { Username = options.User, Password = options.Password } };
}
