using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Facts;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations.Facts;

namespace Osapi.Agent.Tests.Facts;

public sealed class FactsTests
{
    // Captured on a host with a default route, a VLAN and a route by way of a gateway.
    private const string Routes = """
        Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT                                                       
        eth0	00000000	FE004E0A	0003	0	0	100	00000000	0	0	0                                                                               
        eth0	00004E0A	00000000	0001	0	0	0	00FFFFFF	0	0	0                                                                             
        eth0.100	0000A8C0	01004E0A	0003	0	0	50	0000FFFF	0	0	0                                                                             
        wlan0	00000000	0101A8C0	0003	0	0	600	00000000	0	0	0                                                                               

        """;

    private const string Routes6 = """
        20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
        fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
        00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
        00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001       lo
        ff000000000000000000000000000000 08 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000002 00000000 00000001     eth0
        00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo

        """;

    [Fact]
    public async Task All_facts_of_a_prepared_machine_are_read()
    {
        using PreparedTree tree = new() { CustomFacts = new Dictionary<string, string> { ["role"] = "web" }, CanonicalName = "web.example.com." };
        tree.With("proc/sys/kernel/hostname", "web\n").With("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n").With("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
            .With("proc/meminfo", "MemTotal: 2048 kB\nMemFree: 1024 kB\nMemAvailable: 1024 kB\n").With("sys/devices/system/cpu/online", "0-2,4\n")
            .With("proc/net/route", Routes).With("run/systemd/system/x", "").With("usr/bin/apt-get", "").With("usr/bin/dnf", "").With("run/systemd/container", "lxc\n");

        var facts = await tree.Host.Facts.ReadAsync(tree.Host, TestContext.Current.CancellationToken);

        var architecture = FactsReader.Architecture(RuntimeInformation.OSArchitecture);
        Assert.Equal(
            $$$"""{"hostname":"web-01","os_hostname":"web","fqdn":"web.example.com","os_info":{"distribution":"debian","version":"12"},"kernel_version":"6.1.0-18-amd64","architecture":"{{{architecture}}}","cpu_count":4,"memory_total":2097152,"primary_interface":"eth0","service_mgr":"systemd","package_mgr":"apt","container":"lxc","interfaces":[],"routes":[{"destination":"0.0.0.0","mask":"/0","gateway":"10.78.0.254","interface":"eth0","metric":100,"flags":"0x0003","family":"inet"},{"destination":"10.78.0.0","mask":"/24","gateway":"0.0.0.0","interface":"eth0","metric":0,"flags":"0x0001","family":"inet"},{"destination":"192.168.0.0","mask":"/16","gateway":"10.78.0.1","interface":"eth0.100","metric":50,"flags":"0x0003","family":"inet"},{"destination":"0.0.0.0","mask":"/0","gateway":"192.168.1.1","interface":"wlan0","metric":600,"flags":"0x0003","family":"inet"}],"facts":{"role":"web"}}""",
            JsonSerializer.Serialize(facts, HostFacts.Json));
    }

    [Fact]
    public async Task A_machine_without_readable_facts_has_none_and_no_error()
    {
        using PreparedTree tree = new();

        var facts = await tree.Host.Facts.ReadAsync(tree.Host, TestContext.Current.CancellationToken);

        Assert.Equal(("web-01", null, null, null, null, null), (facts.Hostname, facts.OsHostname, facts.Fqdn, facts.OsInfo, facts.KernelVersion, facts.MemoryTotal));
        Assert.Equal(("unknown", "unknown", "none", null), (facts.ServiceMgr, facts.PackageMgr, facts.Container, facts.PrimaryInterface));
    }

    [Fact]
    public void Routes_of_IPv6_are_listed_without_the_kernels_own()
    {
        using var tree = new PreparedTree().With("proc/net/ipv6_route", Routes6);

        var routes = FactsRoutes.Read(tree.Host);

        Assert.Equal(["2001:db8::/64", "fe80::/64", "::/0"], routes.Select(route => route.Destination + route.Mask));
        Assert.Equal(("fe80::1", 1024, "inet6"), (routes[2].Gateway, routes[2].Metric, routes[2].Family));
        Assert.Equal("eth0", FactsRoutes.Primary(routes));
    }

    [Fact]
    public void Invalid_routes_are_skipped()
    {
        using var tree = new PreparedTree().With("proc/net/route", "head\neth0\tzz\teth0\n\neth0\n").With("proc/net/ipv6_route", "0 1 2\nzz\n");

        Assert.Empty(FactsRoutes.Read(tree.Host));
    }

    [Theory]
    [InlineData("0\n", 1)]
    [InlineData("0-3\n", 4)]
    [InlineData("0-1,4-5,7\n", 5)]
    [InlineData("x\n", null)]
    [InlineData("3-1\n", null)]
    public void Processors_are_counted_as_the_kernel_lists_them(string file, int? count)
    {
        using var tree = new PreparedTree().With("sys/devices/system/cpu/online", file);

        Assert.Equal(count, FactsProcessors.Count(tree.Host));
    }

    [Theory]
    [InlineData("run/.containerenv", "", "podman")]
    [InlineData(".dockerenv", "", "docker")]
    [InlineData("proc/1/environ", "PATH=/bin\0container=systemd-nspawn\0", "systemd-nspawn")]
    [InlineData("proc/1/environ", "container=\0", "none")]
    [InlineData("proc/1/cgroup", "0::/kubepods/besteffort/pod1\n", "kubernetes")]
    [InlineData("proc/1/cgroup", "12:cpu:/docker/0123\n", "docker")]
    [InlineData("proc/1/cgroup", "0::/init.scope\n", "none")]
    public void A_container_is_known_by_its_marks(string path, string text, string container)
    {
        using var tree = new PreparedTree().With(path, text);

        Assert.Equal(container, FactsContainer.Find(tree.Host));
    }

    [Theory]
    [InlineData("run/openrc/x", "", "openrc")]
    [InlineData("proc/1/comm", "runit\n", "runit")]
    [InlineData("proc/1/comm", "init\n", "sysvinit")]
    [InlineData("proc/1/comm", "catatonit\n", "unknown")]
    public void The_service_manager_is_the_one_that_runs(string path, string text, string manager)
    {
        using var tree = new PreparedTree().With(path, text);

        Assert.Equal(manager, FactsSoftware.ServiceManager(tree.Host));
    }

    [Theory]
    [InlineData(null, "web")]
    [InlineData("web", "web")]
    [InlineData("localhost.localdomain", "web")]
    [InlineData("web.example.com", "web.example.com")]
    public async Task The_full_name_is_the_resolvers_when_it_has_one(string? canonical, string name)
    {
        using PreparedTree tree = new() { CanonicalName = canonical };
        tree.With("proc/sys/kernel/hostname", "web\n");

        Assert.Equal(name, (await tree.Host.Facts.ReadAsync(tree.Host, TestContext.Current.CancellationToken)).Fqdn);
    }

    [Fact]
    public async Task A_silent_resolver_is_not_waited_for()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource asked = new(), never = new();
        Host host = new() { Name = "web-01", Time = time, CanonicalNameAsync = async (_, _) => { asked.SetResult(); await never.Task; return null; } };

        var name = FactsName.FullAsync(host, "web", TestContext.Current.CancellationToken);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("web", await name);
    }

    [Fact]
    public async Task Facts_are_read_again_after_a_minute()
    {
        FakeTimeProvider time = new();
        using var tree = new PreparedTree().With("proc/sys/kernel/hostname", "one\n");
        Host host = new() { Name = "web-01", Root = tree.Full(""), Time = time, Interfaces = () => [], CanonicalNameAsync = (_, _) => Task.FromResult<string?>(null) };

        Assert.Equal("one", await NameAsync());
        tree.With("proc/sys/kernel/hostname", "two\n");
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("one", await NameAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("two", await NameAsync());

        async Task<string?> NameAsync() => (await host.Facts.ReadAsync(host, TestContext.Current.CancellationToken)).OsHostname;
    }

    [Fact]
    public void An_interface_has_its_first_address_of_each_kind_and_all_of_them()
    {
        var nic = FactsInterfaces.Of("eth0", PhysicalAddress.Parse("02-00-00-00-00-0A"),
            [(IPAddress.Parse("10.0.0.1"), 24), (IPAddress.Parse("fe80::1%3"), 64), (IPAddress.Parse("2001:db8::1"), 64), (IPAddress.Parse("10.0.0.2"), 24)]);

        Assert.Equal(("dual", "10.0.0.1", "2001:db8::1", "02:00:00:00:00:0a"), (nic.Family, nic.Ipv4, nic.Ipv6, nic.Mac));
        Assert.Equal(["10.0.0.1/24", "fe80::1/64", "2001:db8::1/64", "10.0.0.2/24"], nic.Addresses.Select(address => $"{address.Address}/{address.Prefix}"));
    }

    [Fact]
    public async Task This_machine_is_what_its_own_tools_say()
    {
        Host host = new() { Name = "web-01" };

        var facts = await host.Facts.ReadAsync(host, TestContext.Current.CancellationToken);

        Assert.Equal(await ToolAsync("uname", "-m"), facts.Architecture);
        Assert.Equal(await ToolAsync("uname", "-r"), facts.KernelVersion);
        Assert.Equal(await ToolAsync("uname", "-n"), facts.OsHostname);
        Assert.Equal(await ToolAsync("getconf", "_NPROCESSORS_ONLN"), facts.CpuCount.ToString());
        Assert.Equal(facts.PackageMgr, FactKeys.Value(facts, "package_mgr"));
        foreach (var nic in facts.Interfaces)
            Assert.Contains(nic.Name, await ToolAsync("ip", "-o", "link", "show", "dev", nic.Name), StringComparison.Ordinal);

        static async Task<string> ToolAsync(string name, params string[] arguments) =>
            (await HostTool.RunAsync(name, arguments, TestContext.Current.CancellationToken)).Output.Trim();
    }
}
