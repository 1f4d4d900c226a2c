using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.NameResolution;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Network;

/// <summary>
/// Tests of reading systemd-resolved and the drop-in from captured output; the rest is tested on a booted host.
/// </summary>
public sealed class DnsResolvedTests
{
    [Fact]
    public void Properties_as_busctl_of_systemd_252_prints_them_are_read()
    {
        var settings = ResolvedLink.Parse("""
            {"type":"a(iay)","data":[[2,[10,78,0,254]],[10,[32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,83]]]}
            {"type":"a(sb)","data":[["corp.test",true],["lab.test",false],[".",true],["example.com",false]]}

            """);

        Assert.Equal(["10.78.0.254", "2001:db8::53"], settings.Servers);
        Assert.Equal(["lab.test", "example.com", "~corp.test", "~."], settings.SearchDomains);
    }

    [Fact]
    public void An_interface_without_settings_has_empty_lists()
    {
        var settings = ResolvedLink.Parse("""
            {"type":"a(iay)","data":[]}
            {"type":"a(sb)","data":[]}
            """);

        Assert.Empty(settings.Servers);
        Assert.Empty(settings.SearchDomains);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"type":"a(iay)"}""")]
    [InlineData("""{"type":"a(iay)","data":[[2]]}""")]
    [InlineData("""{"type":"a(iay)","data":[[2,[1,2,3]]]}""")]
    [InlineData("""{"type":"a(iay)","data":[[2,[1,2,3,400]]]}""")]
    [InlineData("""{"type":"a(sb)","data":[["x",1]]}""")]
    public void Anything_else_is_an_error(string output) => Assert.Throws<OperationException>(() => ResolvedLink.Parse(output));

    [Theory]
    [InlineData(2, "_32")]
    [InlineData(15, "_315")]
    [InlineData(123, "_3123")]
    public void A_link_has_the_path_that_the_bus_gives_it(int index, string label) => Assert.Equal(label, SystemdResolvedDns.Label(index));

    [Theory]
    [InlineData(null, null)]
    [InlineData("192.0.2.1 2001:db8::1", null)]
    [InlineData(null, "")]
    [InlineData("192.0.2.1", "lab.test ~corp.test")]
    public void A_drop_in_reads_as_it_was_written(string? servers, string? domains)
    {
        NetworkdDropIn dropIn = new(servers?.Split(' '), domains?.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        var read = NetworkdDropIn.Parse(dropIn.ToString());

        Assert.Equal(dropIn, read);
        Assert.Equal(dropIn.Servers, read.Servers);
        Assert.Equal(dropIn.Domains, read.Domains);
    }

    [Fact]
    public void A_drop_in_clears_earlier_values_and_those_of_the_network() =>
        Assert.Equal(
            """
            # Written by osapi for network.dns.update. To go back to the network's own settings, delete this file and restart systemd-networkd.
            [Network]
            DNS=
            DNS=192.0.2.1 192.0.2.2
            [DHCPv4]
            UseDNS=no
            [DHCPv6]
            UseDNS=no
            [IPv6AcceptRA]
            UseDNS=no

            """,
            new NetworkdDropIn(["192.0.2.1", "192.0.2.2"], null).ToString());

    [Fact]
    public void The_unit_of_an_interface_is_found_where_it_is_its_alone()
    {
        using var tree = new PreparedTree()
            .With("sys/class/net/eth0/ifindex", "2\n")
            .With("sys/class/net/eth1/ifindex", "3\n")
            .With("sys/class/net/eth2/ifindex", "4\n")
            .With("sys/class/net/eth3/ifindex", "5\n")
            .With("run/systemd/netif/links/2", "# This is private data. Do not parse.\nADMIN_STATE=configured\nNETWORK_FILE=/run/systemd/network/10-netplan-eth0.network\n")
            .With("run/systemd/netif/links/3", "NETWORK_FILE=/etc/systemd/network/all.network\n")
            .With("run/systemd/netif/links/4", "NETWORK_FILE=/etc/systemd/network/all.network\n")
            .With("run/systemd/netif/links/5", "ADMIN_STATE=unmanaged\n");

        Assert.Equal("/etc/systemd/network/10-netplan-eth0.network.d/90-osapi-dns.conf", NetworkdUnit.Find(tree.Host, "eth0").Unit!.DropIn);
        Assert.Contains("configures 2 interfaces", NetworkdUnit.Find(tree.Host, "eth1").Note, StringComparison.Ordinal);
        Assert.Equal((null, null), NetworkdUnit.Find(tree.Host, "eth3"));
    }

    [Theory]
    [InlineData("inactive\ninactive\n", false, false)]
    [InlineData("active\ninactive\n", true, false)]
    [InlineData("active\nactive\n", true, true)]
    [InlineData("activating\nactive\n", false, true)]
    [InlineData("", false, false)]
    public async Task A_service_counts_when_it_runs(string states, bool resolved, bool networkd)
    {
        using var tree = new PreparedTree { Tool = _ => new(0, states, "") }.With("run/systemd/system/x", "");

        Assert.Equal(new(resolved, networkd), await DnsBackendDetection.FindAsync(tree.Host, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_missing_tool_is_reported_as_missing()
    {
        var output = await HostTool.RunAsync("no-such-tool-as-this", [], TestContext.Current.CancellationToken);

        Assert.Equal((127, "there is no no-such-tool-as-this on this host"), (output.ExitCode, output.ErrorText));
    }
}
