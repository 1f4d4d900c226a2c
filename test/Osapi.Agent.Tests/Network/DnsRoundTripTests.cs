using System.Text.Json;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Agent.Tests.Network;

/// <summary>
/// Tests that <c>network.dns.update</c> accepts the output of <c>network.dns.get</c>, and finds nothing to change.
/// </summary>
public sealed class DnsRoundTripTests
{
    private const string Devices = "Inter-|\n face |\n    lo: 0\n  eth0: 0\n wlan0: 0\n";

    // Files of real hosts: DHCP clients, Kubernetes, domain controllers, routers, containers, hand-written ones.
    [Theory]
    [InlineData("nameserver 10.96.0.10\nsearch default.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n")]
    [InlineData("search example.com.\nnameserver 192.0.2.1\n")]
    [InlineData("domain corp.example.com.\nnameserver 192.0.2.1\nnameserver 192.0.2.2\n")]
    [InlineData("search _msdcs.corp.example.com my_lab.test\nnameserver 192.0.2.1\n")]
    [InlineData("nameserver fe80::1%eth0\nnameserver fe80::2%wlan0\n")]
    [InlineData("nameserver fe80::1%2\n")]
    [InlineData("nameserver 2001:DB8:0::53\nnameserver ::ffff:192.0.2.1\n")]
    [InlineData("nameserver 0.0.0.0\nnameserver ::\n")]
    [InlineData("nameserver 127.1\n")]
    [InlineData("nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n")]
    [InlineData("nameserver 192.0.2.1\nnameserver 192.0.2.1\nsearch lab lab lab.\n")]
    [InlineData("nameserver dns.example.com\nnameserver 192.0.2.1\nsearch lab.test foo!bar ..\n")]
    [InlineData("nameserver 224.0.0.1\nnameserver\nnameserver 192.0.2.1\nsearch .\n")]
    [InlineData("# nothing but a comment\nnameserver 192.0.2.53")]
    [InlineData("nameserver 192.0.2.1\r\nsearch lab.test\r\n")]
    public async Task A_file_is_left_as_it_is_by_an_update_to_what_was_read(string text)
    {
        using var tree = Tree(text);
        var read = (await tree.RunAsync(NetworkOperations.GetDns, new() { InterfaceName = "eth0" })).Result!.Value.Deserialize(NetworkOperations.GetDns.Result)!;
        Assert.NotEmpty(read.Servers);

        UpdateDns request = new() { InterfaceName = "eth0", Servers = [.. read.Servers], SearchDomains = [.. read.SearchDomains] };
        Assert.Empty(((IValidatable)request).Validate());
        var update = await tree.RunAsync(NetworkOperations.UpdateDns, request);

        Assert.Equal((Outcome.Ok, null, false), (update.Outcome, update.Error, update.Changed));
        Assert.Equal(text, File.ReadAllText(tree.Full("etc/resolv.conf")));
    }

    [Fact]
    public async Task Settings_read_from_resolved_can_be_set_again()
    {
        using PreparedTree tree = new()
        {
            Tool = command => command switch
            {
                _ when command.StartsWith("systemctl", StringComparison.Ordinal) => new(0, "active\ninactive\n", ""),
                _ when command.StartsWith("busctl", StringComparison.Ordinal) => new(0, """
                    {"type":"a(iay)","data":[[10,[254,128,0,0,0,0,0,0,0,0,0,0,0,0,0,1]],[2,[192,0,2,53]]]}
                    {"type":"a(sb)","data":[["my_lab.test",false],["example.com",true]]}

                    """, ""),
                _ => throw new InvalidOperationException(command),
            },
        };
        tree.With("proc/net/dev", Devices).With("sys/class/net/eth0/ifindex", "2\n").With("run/systemd/system/.keep", "");
        var read = (await tree.RunAsync(NetworkOperations.GetDns, new() { InterfaceName = "eth0" })).Result!.Value.Deserialize(NetworkOperations.GetDns.Result)!;
        Assert.Equal(["fe80::1", "192.0.2.53"], read.Servers);

        // With its zone, and with trailing dots, it is the same.
        foreach (var servers in (DnsServer[][])[["fe80::1", "192.0.2.53"], ["fe80::1%eth0", "192.0.2.53"]])
            Assert.Equal((Outcome.Ok, false), Ended(await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = servers, SearchDomains = ["my_lab.test.", "~example.com."] })));
        Assert.Equal(ErrorType.Invalid, (await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = ["fe80::1%wlan0"] })).ErrorType);
    }

    [Fact]
    public async Task A_dangling_link_is_a_missing_file_with_a_note()
    {
        using var tree = Tree(null).Linked("etc/resolv.conf", "../srv/gone/resolv.conf");

        var read = (await tree.RunAsync(NetworkOperations.GetDns, new() { InterfaceName = "eth0" })).Result!.Value;
        Assert.Equal(0, read.GetProperty("servers").GetArrayLength());
        Assert.Equal("/etc/resolv.conf is a symbolic link to ../srv/gone/resolv.conf, which does not exist", read.GetProperty("note").GetString());

        var update = await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = ["192.0.2.1"] });
        Assert.Equal((Outcome.Ok, true), Ended(update));
        Assert.Equal("/etc/resolv.conf was a symbolic link to /srv/gone/resolv.conf, which does not exist; a file took its place", update.Result!.Value.GetProperty("note").GetString());
        Assert.Null(new FileInfo(tree.Full("etc/resolv.conf")).LinkTarget);
        Assert.Equal("nameserver 192.0.2.1\n", File.ReadAllText(tree.Full("etc/resolv.conf")));
        Assert.False(Directory.Exists(tree.Full("srv")));
    }

    private static (Outcome, bool) Ended(HostReply entry) => (entry.Outcome, entry.Changed);

    private static PreparedTree Tree(string? resolvConf)
    {
        var tree = new PreparedTree().With("proc/net/dev", Devices).With("etc/hosts", "");
        return resolvConf is null ? tree : tree.With("etc/resolv.conf", resolvConf);
    }
}
