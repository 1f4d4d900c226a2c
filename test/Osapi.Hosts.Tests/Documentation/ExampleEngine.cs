using System.Globalization;
using System.Net.Sockets;
using Osapi.Docker.Tests.Engines;
using Osapi.Hosts.Tests.Hosts;
using Tool = Osapi.Hosts.Tests.Hosts.Tool;

namespace Osapi.Hosts.Tests.Documentation;

/// <summary>A Docker engine at the agent's default address, with an image, and a registry that has one more.</summary>
internal sealed class ExampleEngine : IAsyncDisposable
{
    private readonly TestEngine engine;
    private readonly Relay relay;
    private readonly Docker.Tests.Engines.LastingProcess registry;
    private readonly string directory;

    private ExampleEngine(TestEngine engine, Relay relay, Docker.Tests.Engines.LastingProcess registry, string directory) =>
        (this.engine, this.relay, this.registry, this.directory) = (engine, relay, registry, directory);

    public static async Task<ExampleEngine> StartAsync(TestHost host)
    {
        Docker.Tests.Engines.Needs.Check("docker-registry", "docker", "curl");
        // In an isolated network, so that ports are free, Docker's bridge is its own, and 5000 on loopback is this registry.
        var engine = await TestEngine.StartAsync("dockerd-net");
        await engine.ImportAsync("registry.example.com/web:1.4", "1.4", """CMD ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]""");
        await host.MustAsync("rm", "-f", "/run/docker.sock");
        Relay relay = new(new UnixDomainSocketEndPoint(host.Outside("/run/docker.sock")), new UnixDomainSocketEndPoint(engine.Socket), hold: "nothing is held back");
        var directory = Directory.CreateTempSubdirectory("osapi-registry-").FullName;
        var settings = Path.Join(directory, "registry.yml");
        await File.WriteAllTextAsync(settings, $"version: 0.1\nlog: {{level: error}}\nstorage:\n  filesystem: {{rootdirectory: {directory}/data}}\nhttp: {{addr: \"127.0.0.1:5000\"}}\n");
        var network = engine.Pid.ToString(CultureInfo.InvariantCulture);
        const string Script = """nsenter --net --target "$0" docker-registry serve "$1" > /dev/null 2>&1 < /dev/null & echo "ready $!"; cat > /dev/null; kill $!""";
        ExampleEngine started = new(engine, relay, Docker.Tests.Engines.LastingProcess.Start("-c", Script, network, settings), directory);
        try
        {
            await started.registry.ReadyAsync(TestContext.Current.CancellationToken);
            var (code, _, error) = await Tool.RunAsync(
                ["nsenter", "--net", "--target", network, "curl", "-sf", "--retry", "30", "--retry-connrefused", "--retry-delay", "1", "http://127.0.0.1:5000/v2/"], TestContext.Current.CancellationToken);
            Assert.True(code == 0, $"the registry does not answer: {code} {error}");
            await host.MustAsync("docker", "tag", "registry.example.com/web:1.4", "localhost:5000/web:1.4");
            await host.MustAsync("docker", "push", "--quiet", "localhost:5000/web:1.4");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        await relay.DisposeAsync();
        await engine.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
