using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Agent;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Hosting;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;
using Osapi.Transport.Trust;

namespace Osapi.Bench;

/// <summary>A controller and many agents in this process, each with its own connection, ledger and key: the real protocol without real hosts.</summary>
internal sealed class SimulatedFleet : IAsyncDisposable
{
    // More concurrent starts would only wait for each other.
    private const int MaxConcurrentStarts = 32;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("osapi-bench-fleet-");
    private readonly List<IAsyncDisposable> parts = [];
    private readonly Lock gate = new();
    private readonly ControllerKeys keys = ControllerKeys.Create();
    private readonly HostKeyTable hosts = new();
    private readonly SkippedMessages skipped = new(NullLogger.Instance, TimeProvider.System);

    private SimulatedFleet()
    {
    }

    public OsapiClient Client { get; private set; } = null!;

    public static async Task<SimulatedFleet> StartAsync(string broker, int agents)
    {
        SimulatedFleet fleet = new();
        try
        {
            await fleet.StartControllerAsync(broker);
            await Parallel.ForEachAsync(Enumerable.Range(0, agents), new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentStarts }, async (number, cancellationToken) =>
                await fleet.StartAgentAsync(broker, string.Create(CultureInfo.InvariantCulture, $"h{number:0000}"), cancellationToken));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        // Agents are stopped before their connections, and the controller last.
        foreach (var part in parts.AsEnumerable().Reverse().Chunk(MaxConcurrentStarts))
            await Task.WhenAll(part.Select(one => one.DisposeAsync().AsTask()));
        keys.Dispose();
        directory.Delete(recursive: true);
    }

    private async Task StartControllerAsync(string broker)
    {
        var state = directory.CreateSubdirectory("controller").FullName;
        var socket = Path.Combine(state, SocketFile.Name);
        var transport = Add(TrustedTransport.ForController(await NatsTransport.ConnectAsync(new() { Urls = [broker] }, CancellationToken.None), new(keys), hosts, new(), skipped));
        Add(await OsapiController.StartAsync(
            new() { Transport = transport, StateDirectory = state, HostKeys = hosts }, new() { Socket = socket }, logging => logging.SetMinimumLevel(LogLevel.None), CancellationToken.None));
        Client = LocalClient.Create(socket, Path.Combine(state, "signing.key"));
    }

    private async Task StartAgentAsync(string broker, string hostname, CancellationToken cancellationToken)
    {
        var key = AgentKeys.Create();
        hosts.Set(new(hostname, key.Public));
        var carrier = await NatsTransport.ConnectAsync(new() { Urls = [broker], Name = hostname, CreateStreams = false }, cancellationToken);
        var transport = TrustedTransport.ForAgent(carrier, new(hostname, key, [keys.Public], static _ => { }), new(), skipped, OsapiAgent.BootClock);
        var agent = await OsapiAgent.StartAsync(
            new() { Transport = transport, StateDirectory = Path.Combine(directory.FullName, hostname) }, new() { Hostname = hostname, MaxJobs = 2 }, NullLogger.Instance, cancellationToken);
        Add(new AgentWithConnection(agent, transport));
    }

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        lock (gate)
            parts.Add(part);
        return part;
    }

    private sealed class AgentWithConnection(OsapiAgent agent, TrustedTransport transport) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await agent.DisposeAsync();
            await transport.DisposeAsync();
        }
    }
}
