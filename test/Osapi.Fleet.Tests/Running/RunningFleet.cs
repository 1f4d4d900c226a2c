using Osapi.Client;
using Osapi.Controller.Auth;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Transport.Trust;

namespace Osapi.Fleet.Tests.Running;

/// <summary>Brokers, two controllers and five agents, each a process on its own host.</summary>
internal sealed class RunningFleet : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly TestNetwork network;
    private readonly List<FleetHost> hosts = [];

    private RunningFleet(TestNetwork network) => this.network = network;

    public IReadOnlyList<Part> Brokers { get; private set; } = [];

    public IReadOnlyList<Part> Controllers { get; private set; } = [];

    public IReadOnlyList<Part> Agents { get; private set; } = [];

    public IReadOnlyList<ControllerCalls> Calls { get; private set; } = [];

    public IEnumerable<Part> Parts => [.. Brokers, .. Controllers, .. Agents];

    public static async Task<RunningFleet> StartAsync(string name, int brokers, CancellationToken cancellationToken)
    {
        Needs.Check("nats-server");
        var logs = Directory.CreateDirectory(Path.Combine(Programs.Logs, name)).FullName;
        foreach (var old in Directory.GetFiles(logs))
            File.Delete(old);
        RunningFleet fleet = new(await TestNetwork.StartAsync(cancellationToken));
        try
        {
            await fleet.BuildAsync(logs, brokers, cancellationToken);
            await Task.WhenAll(fleet.Brokers.Select(broker => broker.StartAsync(cancellationToken)));
            await Task.WhenAll(fleet.Controllers.Concat(fleet.Agents).Select(part => part.StartAsync(cancellationToken)));
            await fleet.CompleteAsync(cancellationToken);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts every stopped process, joins every link, and waits until each controller has a heartbeat from every
    /// agent.
    /// </summary>
    public async Task HealAsync(CancellationToken cancellationToken)
    {
        foreach (var host in hosts)
            await host.JoinAsync();
        await Task.WhenAll(Parts.Where(part => !part.IsRunning).Select(part => part.StartAsync(cancellationToken)));
        await CompleteAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var calls in Calls)
            calls.Dispose();
        await Task.WhenAll(Parts.Select(part => part.DisposeAsync().AsTask()));
        await Task.WhenAll(hosts.Select(host => host.DisposeAsync().AsTask()));
        await network.DisposeAsync();
    }

    private async Task BuildAsync(string logs, int brokers, CancellationToken cancellationToken)
    {
        var names = Enumerable.Range(1, brokers).Select(i => ($"b{i}", 10 + i)).Concat([("c1", 21), ("c2", 22)]).Concat(Enumerable.Range(1, 5).Select(i => ($"a{i}", 30 + i)));
        var started = await Task.WhenAll(names.Select(host => FleetHost.StartAsync(network, host.Item1, host.Item2, cancellationToken)));
        hosts.AddRange(started);
        var (b, c, a) = (hosts[..brokers], hosts.Slice(brokers, 2), hosts[(brokers + 2)..]);
        string[] nats = [.. b.SelectMany(host => new[] { "--nats", $"nats://{host.Address}:4222" })];
        string[] env = ["env", $"OSAPI_NATS_REPLICAS={brokers}", "OSAPI_CONFIG=/dev/null", $"OSAPI_STATE_DIR={ControllerCalls.State}", $"OSAPI_LOGGING_LEVEL={Environment.GetEnvironmentVariable("OSAPI_TEST_LOG") ?? "information"}"];

        foreach (var host in b)
            BrokerConfig.Write(host, b);
        // Every controller accepts the same tokens, and reads what the others wrote.
        var keys = Directory.CreateTempSubdirectory("osapi-fleet-keys-").FullName;
        SigningKey.LoadOrCreate(Path.Combine(keys, SigningKey.FileName));
        ControllerKeys.LoadOrCreate(Path.Combine(keys, ControllerKeys.FileName)).Dispose();
        foreach (var host in c)
            ControllerCalls.WriteKeys(host, keys);
        Directory.Delete(keys, recursive: true);

        Brokers = [.. b.Select(host => new Part(host, Path.Combine(logs, $"{host.Name}.log"), "Server is ready", "nats-server", "-c", BrokerConfig.Path))];
        Controllers = [.. c.Select(host => new Part(host, Path.Combine(logs, $"{host.Name}.log"), " listens on ", [.. env, Programs.Osapi, "controller", "start", .. nats]))];
        Agents = [.. a.Select(host => new Part(host, Path.Combine(logs, $"{host.Name}.log"), " takes jobs ", [.. env, Programs.Osapi, "agent", "start", "--label", "group=web", .. nats]))];
        Calls = [.. c.Select(host => new ControllerCalls(host))];
    }

    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        foreach (var calls in Calls)
            while (true)
            {
                try
                {
                    var answer = await calls.Waiting.Command.ShellAsync(Target.All, new() { Command = "true" }, cancellationToken: cancellationToken);
                    if (answer.Hosts.Count == Agents.Count && answer.Hosts.All(result => result.Outcome == Outcome.Ok))
                        break;
                }
                catch (OsapiException) when (TimeProvider.System.GetElapsedTime(begin) < WaitTimeout)
                {
                    // Not all there yet.
                }

                Assert.True(TimeProvider.System.GetElapsedTime(begin) < WaitTimeout, $"the fleet is not complete after {WaitTimeout.TotalSeconds} s; the logs are in {Programs.Logs}");
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
            }
    }
}
