using Osapi.Hosting;

namespace Osapi.Cli.Tests.Running;

/// <summary>A broker, a controller, and agents with names of their own; the agents and the controller run in this process.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private const string Listens = "Listening for client connections on ";
    private readonly List<OsapiNode> nodes = [];

    private Fleet()
    {
    }

    /// <summary>Starts a fleet whose controller the commands of the fixture find on their own, by their state directory.</summary>
    public static async Task<Fleet> StartAsync(CliFixture fixture, params string[] hosts)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        var broker = fixture.StartProgram("nats-server", "-a", "127.0.0.1", "-p", "-1", "-js", "-sd", Path.Combine(fixture.Directory, "broker"));
        var line = await broker.Error.FindAsync(Listens, timeout.Token);
        var url = $"nats://{line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]}";
        Fleet fleet = new();
        try
        {
            for (var i = 0; i < hosts.Length; i++)
                fleet.nodes.Add(await OsapiNode.StartAsync(
                    new()
                    {
                        StateDirectory = i == 0 ? fixture.StateDirectory : Path.Combine(fixture.Directory, hosts[i]),
                        Nats = new() { Urls = [url] },
                        Controller = i == 0 ? new() : null,
                        Agent = new() { Hostname = hosts[i], Labels = new Dictionary<string, string> { ["group"] = "web" } },
                    },
                    timeout.Token));
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
        foreach (var node in Enumerable.Reverse(nodes))
            await node.DisposeAsync();
    }
}
