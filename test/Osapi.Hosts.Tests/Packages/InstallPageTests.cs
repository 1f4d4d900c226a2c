using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>Tests that follow docs/install.md and then docs/troubleshooting.md word for word, on two fresh hosts.</summary>
public sealed class InstallPageTests
{
    private const string Version = "0.2.0";

    [Fact]
    public async Task The_pages_lead_from_a_fresh_host_to_a_fleet()
    {
        Needs.Check(Needs.Systemd);
        await using var network = await TestNetwork.StartAsync(TestContext.Current.CancellationToken);
        await using var controller = await SystemdHost.StartAsync(network, "controller-1", 1, TestContext.Current.CancellationToken);
        await using var web = await SystemdHost.StartAsync(network, "web-1", 2, TestContext.Current.CancellationToken);
        // What the pages take as given: the package, on web-1 installed, and a broker, which is not to be had without a network.
        await DebianPackage.BuildForAsync(controller, Version);
        await web.MustAsync("apt-get", "install", "-y", await DebianPackage.BuildForAsync(web, Version));
        await Broker.InstallAsync(controller);
        Dictionary<string, SystemdHost> hosts = new() { ["controller-1"] = controller, ["web-1"] = web };

        Assert.Equal(13, await new InstallPage("install.md", hosts).RunAsync());
        Assert.InRange(await new InstallPage("troubleshooting.md", hosts).RunAsync(), 8, 100);
    }
}
