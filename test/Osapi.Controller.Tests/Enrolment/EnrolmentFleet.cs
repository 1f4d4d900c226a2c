using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Agent.Enrolment;
using Osapi.Agent.Jobs;
using Osapi.Operations.Agents;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Nats;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Enrolment;

/// <summary>A broker with controllers that have the same keys, and agents that enroll.</summary>
internal sealed class EnrolmentFleet : IAsyncDisposable
{
    private readonly SystemParts parts = new(limit: TimeSpan.FromMinutes(2));
    private readonly string keyFile;

    private EnrolmentFleet()
    {
        keyFile = Path.Combine(parts.Directory, ControllerKeys.FileName);
        Keys = ControllerKeys.LoadOrCreate(keyFile);
    }

    public NatsServer Server { get; private set; } = null!;

    public ControllerKeys Keys { get; }

    public string Pin => Keys.Public.Fingerprint;

    public CancellationToken Token => parts.Token;

    public static async Task<EnrolmentFleet> StartAsync()
    {
        EnrolmentFleet fleet = new();
        fleet.Server = fleet.parts.Keep(await NatsServer.StartAsync());
        return fleet;
    }

    public async Task<RunningController> ControllerAsync(string name, bool refuseUnsigned = false)
    {
        Logs logs = new();
        var transport = await parts.ConnectAsync(new() { Urls = [Server.Url], Logger = logs.CreateLogger("transport") });
        return await parts.StartControllerAsync(transport, name, logs, with: options => options with { KeyFile = keyFile, RefuseUnsigned = refuseUnsigned });
    }

    public Task StopAsync(IAsyncDisposable part) => parts.StopAsync(part);

    public async Task<OsapiAgent> AgentAsync(string name) =>
        await parts.StartAgentAsync(await ConnectAsync(), new() { Hostname = name }, name);

    public Task<Osapi.Transport.ITransport> ConnectAsync() => parts.ConnectAsync(new() { Urls = [Server.Url], CreateStreams = false });

    /// <summary>Enrolls an agent with a state directory of its name.</summary>
    public async Task<EnrolledAgent?> EnrollAsync(string name, AgentOptions options, ILogger? logger = null, string? directory = null)
    {
        var state = Directory.CreateDirectory(parts.StateOf(directory ?? name)).FullName;
        await using var transport = await NatsTransport.ConnectAsync(new() { Urls = [Server.Url], CreateStreams = false }, Token);
        var enrolled = await AgentEnrolment.RunAsync(
            new() { Transport = transport, StateDirectory = state, Version = "0.2.0" }, options with { Hostname = name }, logger ?? new Logs().CreateLogger("agent"), Token);
        if (enrolled is not null)
            await enrolled.DisposeAsync();
        return enrolled;
    }

    public string StateOf(string name) => parts.StateOf(name);

    public string FingerprintOf(string directory)
    {
        using var keys = AgentEnrolment.LoadKeys(parts.StateOf(directory));
        return keys.Public.Fingerprint;
    }

    public async Task<JoinToken> TokenAsync(RunningController controller, CreateJoinToken request) =>
        JoinToken.Parse((await controller.Client.Agent.CreateJoinTokenAsync(request, cancellationToken: Token)).Token);

    public async Task<RosterEntry?> EntryAsync(string name)
    {
        await using var transport = await NatsTransport.ConnectAsync(new() { Urls = [Server.Url], CreateStreams = false }, Token);
        return Roster.TryRead(await transport.Roster.GetAsync(HostKey.Of(name), Token));
    }

    /// <summary>Waits until an agent with the key waits at the controller.</summary>
    public async Task<PendingAgent> PendingAsync(RunningController controller, string name, string? fingerprint = null)
    {
        PendingAgent? found = null;
        await UntilAsync(async () => (found = (await controller.Client.Agent.ListEnrolmentsAsync(cancellationToken: Token)).Agents
            .FirstOrDefault(agent => agent.Hostname == name && (fingerprint is null || agent.Fingerprint == fingerprint))) is not null);
        return found!;
    }

    /// <summary>Waits until nobody waits at the controller.</summary>
    public Task NobodyWaitsAsync(RunningController controller) =>
        UntilAsync(async () => (await controller.Client.Agent.ListEnrolmentsAsync(cancellationToken: Token)).Total == 0);

    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
    }

    /// <summary>Kills the broker and starts it without its data.</summary>
    public async Task LoseStoreAsync()
    {
        await Server.KillAsync();
        Directory.Delete(Path.Combine(Server.Directory, "store"), recursive: true);
        while (!await Server.TryStartAsync())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await parts.DisposeAsync();
        Keys.Dispose();
    }
}
