using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Hosts.Tests.Network;

/// <summary>
/// Tests of a booted host with systemd-resolved, verified with two DNS servers. Netplan manages eth0, nothing manages
/// eth1.
/// </summary>
[Collection("hosts, one class after the other")]
public sealed class ResolvedHostTests(BootedHost booted) : IClassFixture<BootedHost>
{
    private const string DropIn = "/etc/systemd/network/10-netplan-eth0.network.d/90-osapi-dns.conf";

    [Fact]
    public async Task Settings_of_netplan_are_read()
    {
        var host = await FreshAsync();

        var dns = await host.ResultAsync(NetworkOperations.GetDns, new() { InterfaceName = "eth0" });

        Assert.Equal((TestNetwork.FirstServer, "lab.test", DnsBackend.SystemdResolved), (Assert.Single(dns.Servers), Assert.Single(dns.SearchDomains), dns.Backend));
    }

    [Fact]
    public async Task Another_server_answers_after_a_persistent_update_and_a_check_predicts_each_step()
    {
        var host = await FreshAsync();
        UpdateDns request = new() { InterfaceName = "eth0", Servers = [TestNetwork.SecondServer] };
        var netplan = await host.MustAsync("sh", "-c", "sha256sum /etc/netplan/*");
        Assert.Equal(TestNetwork.FirstAnswer, await host.ResolveAsync("web.lab.test"));

        await StepAsync(changes: true);
        Assert.Equal(TestNetwork.SecondAnswer, await host.ResolveAsync("web.lab.test"));
        await StepAsync(changes: false);

        // An administrator sets another server by hand.
        await host.MustAsync("resolvectl", "dns", "eth0", TestNetwork.FirstServer);
        await host.MustAsync("resolvectl", "flush-caches");
        await StepAsync(changes: true);
        Assert.Equal(TestNetwork.SecondAnswer, await host.ResolveAsync("web.lab.test"));

        // Netplan and systemd-networkd start again.
        await host.MustAsync("netplan", "apply");
        await host.MustAsync("systemctl", "restart", "systemd-networkd", "systemd-resolved");
        await ServersAsync(host, TestNetwork.SecondServer);
        await host.MustAsync("resolvectl", "flush-caches");
        Assert.Equal(TestNetwork.SecondAnswer, await host.ResolveAsync("web.lab.test"));
        await StepAsync(changes: false);

        // An administrator removes the drop-in; the original settings apply again.
        await host.MustAsync("rm", DropIn);
        await host.MustAsync("systemctl", "restart", "systemd-networkd");
        await ServersAsync(host, TestNetwork.FirstServer);
        await StepAsync(changes: true);
        Assert.Equal(netplan, await host.MustAsync("sh", "-c", "sha256sum /etc/netplan/*"));

        async Task StepAsync(bool changes)
        {
            var before = await StateAsync(host);
            var check = await host.ExecuteAsync(NetworkOperations.UpdateDns, request, check: true);
            Assert.Equal((Outcome.Ok, null, changes), (check.Outcome, check.Error, check.Check!.Changed));
            Assert.Equal(before, await StateAsync(host));

            var entry = await host.ExecuteAsync(NetworkOperations.UpdateDns, request);
            Assert.Equal((Outcome.Ok, null, changes), (entry.Outcome, entry.Error, entry.Changed));
            Assert.Equal("systemd_networkd", entry.Result!.Value.GetProperty("backend").GetString());
            Assert.True(entry.Result.Value.GetProperty("persistent").GetBoolean());
            Assert.Equal(changes, before != await StateAsync(host));
        }
    }

    [Fact]
    public async Task Search_domains_are_set_and_removed_and_servers_stay()
    {
        var host = await FreshAsync();
        Assert.Equal(TestNetwork.FirstAnswer, await host.ResolveAsync("web"));

        await host.ResultAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", SearchDomains = ["other.test", "~corp.test"] });
        Assert.Equal("10.77.0.43", await host.ResolveAsync("web"));
        var removed = await host.ResultAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", SearchDomains = [] });

        Assert.Null(await host.ResolveAsync("web"));
        Assert.Equal(TestNetwork.FirstServer, Assert.Single(removed.Servers));
        Assert.DoesNotContain("DNS=\n", await host.MustAsync("cat", DropIn), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_nothing_manages_is_set_until_it_restarts()
    {
        var host = await FreshAsync();
        UpdateDns request = new() { InterfaceName = "eth1", Servers = ["192.0.2.53", "2001:db8::53", "192.0.2.54", "192.0.2.55"], SearchDomains = ["a.test", "~b.test"] };

        var first = await host.ResultAsync(NetworkOperations.UpdateDns, request);
        var again = await host.ResultAsync(NetworkOperations.UpdateDns, request);
        var read = await host.ResultAsync(NetworkOperations.GetDns, new() { InterfaceName = "eth1" });

        Assert.Equal((true, false, DnsBackend.SystemdResolved), (first.Changed, first.Persistent, first.Backend));
        Assert.Equal("the settings last until the interface or the host restarts", first.Note);
        Assert.False(again.Changed);
        Assert.Equal(["192.0.2.53", "2001:db8::53", "192.0.2.54", "192.0.2.55"], read.Servers);
        Assert.Equal(["a.test", "~b.test"], read.SearchDomains);
        await host.MustAsync("resolvectl", "revert", "eth1");
    }

    [Fact]
    public async Task A_missing_interface_is_not_found()
    {
        var host = await FreshAsync();

        var entry = await host.ExecuteAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth9", Servers = ["192.0.2.1"] });

        Assert.Equal((ErrorType.NotFound, false), (entry.ErrorType, entry.Changed));
    }

    [Fact]
    public async Task A_refusal_of_systemd_resolved_is_an_error_with_its_message()
    {
        var host = await FreshAsync();

        var entry = await host.ExecuteAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "lo", Servers = ["192.0.2.1"] });

        Assert.Equal((Outcome.Failed, ErrorType.Failed, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Contains("loopback", entry.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task With_the_service_stopped_its_file_is_not_written()
    {
        var host = await FreshAsync();
        await host.MustAsync("systemctl", "stop", "systemd-resolved");
        await host.MustAsync("ln", "-sf", "../run/systemd/resolve/stub-resolv.conf", "/etc/resolv.conf");

        var entry = await host.ExecuteAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = [TestNetwork.SecondServer] });
        await host.MustAsync("systemctl", "start", "systemd-resolved");

        Assert.Equal((ErrorType.Conflict, false), (entry.ErrorType, entry.Changed));
        Assert.Contains("which systemd-resolved manages", entry.Error, StringComparison.Ordinal);
    }

    // As the host booted: without our drop-in.
    private async Task<SystemdHost> FreshAsync()
    {
        var host = await booted.GetAsync();
        await host.MustAsync("sh", "-c", $"rm -f {DropIn}; resolvectl revert eth0; systemctl reset-failed; systemctl restart systemd-networkd");
        await ServersAsync(host, TestNetwork.FirstServer);
        await host.MustAsync("resolvectl", "flush-caches");
        return host;
    }

    // systemd-networkd takes a while to configure an interface.
    private static async Task ServersAsync(SystemdHost host, string server)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var (_, dns, _) = await host.RunAsync("resolvectl", "dns", "eth0");
            var (_, domains, _) = await host.RunAsync("resolvectl", "domain", "eth0");
            if (dns.TrimEnd().EndsWith($": {server}", StringComparison.Ordinal) && domains.TrimEnd().EndsWith(": lab.test", StringComparison.Ordinal))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"eth0 did not come to ask {server}: {await host.MustAsync("resolvectl", "status")}");
    }

    private static Task<string> StateAsync(SystemdHost host) =>
        host.MustAsync("sh", "-c", $"resolvectl dns eth0; resolvectl domain eth0; cat {DropIn} 2>/dev/null; find /etc/systemd /etc/netplan | sort; stat -c '%i %Y' {DropIn} 2>/dev/null || true");
}
