namespace Osapi.Hosts.Tests.Hosts;

/// <summary>A network with light hosts; each is started on first use, and all end with the class.</summary>
public sealed class LightHosts : IAsyncLifetime
{
    private readonly Dictionary<string, LightHost> hosts = [];
    private TestNetwork? network;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<LightHost> GetAsync(string name)
    {
        Needs.Check();
        network ??= await TestNetwork.StartAsync(TestContext.Current.CancellationToken);
        if (!hosts.TryGetValue(name, out var host))
            hosts[name] = host = await LightHost.StartAsync(network, name, hosts.Count + 1, TestContext.Current.CancellationToken);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts.Values)
            await host.DisposeAsync();
        if (network is not null)
            await network.DisposeAsync();
    }
}

/// <summary>A network with one systemd host, booted on first use.</summary>
public sealed class BootedHost : IAsyncLifetime
{
    private TestNetwork? network;
    private SystemdHost? host;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<SystemdHost> GetAsync()
    {
        Needs.Check(Needs.Systemd);
        network ??= await TestNetwork.StartAsync(TestContext.Current.CancellationToken);
        return host ??= await SystemdHost.StartAsync(network, "s1", 1, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        if (network is not null)
            await network.DisposeAsync();
    }
}
