using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Tests.Network;

/// <summary>Tests with a host without systemd, as a prepared tree.</summary>
public sealed class DnsResolvConfTests
{
    private const string Devices = """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:  224914     562    0    0    0     0          0         0   224914     562    0    0    0     0       0          0
          eth0: 1224914    1562    0    0    0     0          0         0   124914    1562    0    0    0     0       0          0

        """;

    [Fact]
    public async Task Reads_the_file_for_any_interface()
    {
        using var tree = Tree("nameserver 192.0.2.1\nsearch lab.test\n");

        var entry = await tree.RunAsync(NetworkOperations.GetDns, new() { InterfaceName = "lo" });

        Assert.Equal((Outcome.Ok, false), (entry.Outcome, entry.Changed));
        Assert.Equal("""{"servers":["192.0.2.1"],"search_domains":["lab.test"],"backend":"resolv_conf"}""", entry.Result!.Value.GetRawText());
    }

    [Fact]
    public async Task A_host_without_the_file_has_no_servers()
    {
        using var tree = Tree(null);

        Assert.Equal("[]", (await tree.RunAsync(NetworkOperations.GetDns, new() { InterfaceName = "eth0" })).Result!.Value.GetProperty("servers").GetRawText());
    }

    [Fact]
    public async Task A_missing_interface_is_not_found_and_a_near_one_is_named()
    {
        using var tree = Tree("");

        var read = await tree.RunAsync(NetworkOperations.GetDns, new() { InterfaceName = "eth1" });
        var updated = await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "wlan0", Servers = ["192.0.2.1"] });

        Assert.Equal((ErrorType.NotFound, "there is no network interface eth1 on this host; did you mean 'eth0'?"), (read.ErrorType, read.Error));
        Assert.Equal((ErrorType.NotFound, "there is no network interface wlan0 on this host"), (updated.ErrorType, updated.Error));
    }

    [Fact]
    public async Task Updating_again_changes_nothing_and_a_check_predicts_each_step()
    {
        using var tree = Tree("# mine\noptions edns0\nnameserver 192.0.2.1\n");
        UpdateDns request = new() { InterfaceName = "eth0", Servers = ["192.0.2.2", "2001:db8::2"], SearchDomains = ["lab.test"] };

        foreach (var changes in (bool[])[true, false, true, false])
        {
            var before = File.ReadAllText(tree.Full("etc/resolv.conf"));
            var check = await tree.RunAsync(NetworkOperations.UpdateDns, request, check: true);
            Assert.Equal((Outcome.Ok, changes, false), (check.Outcome, check.Check!.Changed, check.Changed));
            Assert.Equal(before, File.ReadAllText(tree.Full("etc/resolv.conf")));
            Assert.Equal("""{"servers":["192.0.2.2","2001:db8::2"],"search_domains":["lab.test"],"persistent":true}""", check.Check.After!.Value.GetRawText());

            File.SetLastWriteTimeUtc(tree.Full("etc/resolv.conf"), DateTime.UnixEpoch);
            var entry = await tree.RunAsync(NetworkOperations.UpdateDns, request);
            Assert.Equal((Outcome.Ok, changes), (entry.Outcome, entry.Changed));
            Assert.Equal(changes, File.GetLastWriteTimeUtc(tree.Full("etc/resolv.conf")) != DateTime.UnixEpoch);

            // Between the second and the third time another program writes there.
            if (!changes)
                tree.With("etc/resolv.conf", "# mine\noptions edns0\nnameserver 192.0.2.77\n");
        }

        Assert.Equal("# mine\noptions edns0\nnameserver 192.0.2.77\n", File.ReadAllText(tree.Full("etc/resolv.conf")));
    }

    [Fact]
    public async Task Omitted_settings_and_permissions_stay_unchanged()
    {
        using var tree = Tree("nameserver 192.0.2.1\nsearch lab.test\n");
        File.SetUnixFileMode(tree.Full("etc/resolv.conf"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var entry = await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", SearchDomains = [] });

        Assert.Equal("""{"status":"ok","changed":true,"servers":["192.0.2.1"],"search_domains":[],"backend":"resolv_conf","persistent":true}""", entry.Result!.Value.GetRawText());
        Assert.Equal("nameserver 192.0.2.1\n", File.ReadAllText(tree.Full("etc/resolv.conf")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(tree.Full("etc/resolv.conf")));
        Assert.Equal(["resolv.conf"], Directory.EnumerateFileSystemEntries(tree.Full("etc")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_stay_as_they_are()
    {
        using var tree = Tree("");
        byte[] comment = [(byte)'#', 0xff, 0xfe, 0xe9, (byte)'\n'];
        await File.WriteAllBytesAsync(tree.Full("etc/resolv.conf"), comment, TestContext.Current.CancellationToken);

        await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = ["192.0.2.1"] });

        var file = await File.ReadAllBytesAsync(tree.Full("etc/resolv.conf"), TestContext.Current.CancellationToken);
        Assert.Equal([.. comment, .. "nameserver 192.0.2.1\n"u8], file);
    }

    [Fact]
    public async Task A_link_local_server_gets_the_interface_it_belongs_to()
    {
        using var tree = Tree("");
        UpdateDns request = new() { InterfaceName = "eth0", Servers = ["fe80::1"] };

        Assert.True((await tree.RunAsync(NetworkOperations.UpdateDns, request)).Changed);
        Assert.False((await tree.RunAsync(NetworkOperations.UpdateDns, request)).Changed);
        Assert.Equal("nameserver fe80::1%eth0\n", File.ReadAllText(tree.Full("etc/resolv.conf")));
    }

    [Fact]
    public async Task Values_that_the_resolver_would_ignore_are_refused()
    {
        using var tree = Tree("");

        var servers = await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"] });
        var routing = await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", SearchDomains = ["~lab.test"] });

        Assert.Equal(ErrorType.Invalid, servers.ErrorType);
        Assert.StartsWith("servers must be at most 3 on this host", servers.Error, StringComparison.Ordinal);
        Assert.Equal((ErrorType.Invalid, "search_domains: the routing domain ~lab.test needs a host with systemd-resolved"), (routing.ErrorType, routing.Error));
    }

    [Theory]
    [InlineData("../run/systemd/resolve/stub-resolv.conf", "systemd-resolved")]
    [InlineData("/run/NetworkManager/resolv.conf", "NetworkManager")]
    [InlineData("../run/resolvconf/resolv.conf", "resolvconf")]
    public async Task A_link_to_the_file_of_another_manager_is_a_conflict(string target, string manager)
    {
        using var tree = Tree(null).Linked("etc/resolv.conf", target);

        var entry = await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = ["192.0.2.1"] });

        Assert.Equal(ErrorType.Conflict, entry.ErrorType);
        Assert.Contains($"which {manager} manages", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_link_is_followed_and_named()
    {
        using var tree = Tree(null).With("srv/resolv.conf", "nameserver 192.0.2.1\n").Linked("etc/resolv.conf", "../srv/resolv.conf");

        var entry = await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = ["192.0.2.2"] });

        Assert.Equal("/etc/resolv.conf is a symbolic link; /srv/resolv.conf was written", entry.Result!.Value.GetProperty("note").GetString());
        Assert.Equal("../srv/resolv.conf", new FileInfo(tree.Full("etc/resolv.conf")).LinkTarget);
        Assert.Equal("nameserver 192.0.2.2\n", File.ReadAllText(tree.Full("srv/resolv.conf")));
    }

    [Fact]
    public async Task Links_in_a_circle_are_a_conflict()
    {
        using var tree = Tree(null).Linked("etc/resolv.conf", "other").Linked("etc/other", "resolv.conf");

        Assert.Equal(ErrorType.Conflict, (await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = ["192.0.2.1"] })).ErrorType);
    }

    [Fact]
    public async Task A_file_that_something_generates_says_so_in_the_note()
    {
        using var tree = Tree("# Generated by NetworkManager\nnameserver 192.0.2.1\n");

        var entry = await tree.RunAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = ["192.0.2.2"] });

        Assert.Equal("/etc/resolv.conf says \"Generated by NetworkManager\", which may overwrite the settings", entry.Result!.Value.GetProperty("note").GetString());
    }

    [Fact]
    public async Task The_primary_interface_can_be_named_by_its_fact()
    {
        using var tree = Tree("").With("proc/net/route", "Iface\tDestination\tGateway\nwlan0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\neth0\t00000000\t010200C0\t0003\t0\t0\t20\t00000000\t0\t0\t0\n");

        Assert.Equal(Outcome.Ok, (await tree.RunAsync(NetworkOperations.GetDns, new() { InterfaceName = "@fact.interface.primary" })).Outcome);
    }

    private static PreparedTree Tree(string? resolvConf)
    {
        var tree = new PreparedTree().With("proc/net/dev", Devices).With("proc/self/mountinfo", "36 35 98:0 / / rw - ext4 /dev/root rw\n").With("etc/.keep", "");
        File.Delete(tree.Full("etc/.keep"));
        return resolvConf is null ? tree : tree.With("etc/resolv.conf", resolvConf);
    }
}
