using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Hosts.Tests.Network;

/// <summary>Tests of /etc/resolv.conf on hosts without systemd, verified with the host's C library and two DNS servers.</summary>
[Collection("hosts, one class after the other")]
public sealed class ResolvConfHostTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    private const string Fresh = "# of the test\noptions timeout:5 attempts:2\nnameserver 10.77.0.254\n";

    [Fact]
    public async Task Another_server_answers_after_an_update_and_a_check_predicts_each_step()
    {
        var host = await FreshAsync("h1");
        UpdateDns request = new() { InterfaceName = "eth0", Servers = [TestNetwork.SecondServer] };
        Assert.Equal(TestNetwork.FirstAnswer, await host.ResolveAsync("web.lab.test"));

        await StepAsync(changes: true);
        Assert.Equal(TestNetwork.SecondAnswer, await host.ResolveAsync("web.lab.test"));
        await StepAsync(changes: false);
        await host.MustAsync("sh", "-c", "sed -i 's/10.77.0.253/10.77.0.254/' /etc/resolv.conf");
        Assert.Equal(TestNetwork.FirstAnswer, await host.ResolveAsync("web.lab.test"));
        await StepAsync(changes: true);
        Assert.Equal(TestNetwork.SecondAnswer, await host.ResolveAsync("web.lab.test"));

        async Task StepAsync(bool changes)
        {
            // A check writes nothing: it gives the same result where nothing can be written.
            await host.MustAsync("mount", "--bind", "/etc", "/etc");
            await host.MustAsync("mount", "-o", "remount,bind,ro", "/etc");
            var before = await StateAsync(host);
            var check = await host.ExecuteAsync(NetworkOperations.UpdateDns, request, check: true);
            Assert.Equal(before, await StateAsync(host));
            await host.MustAsync("umount", "/etc");
            Assert.Equal((Outcome.Ok, changes, null), (check.Outcome, check.Check!.Changed, check.Result?.GetRawText()));

            before = await StateAsync(host);
            var entry = await host.ExecuteAsync(NetworkOperations.UpdateDns, request);
            Assert.Equal((Outcome.Ok, changes), (entry.Outcome, entry.Changed));
            Assert.Equal(changes, before != await StateAsync(host));
        }
    }

    [Fact]
    public async Task Search_domains_complete_short_names_until_they_are_removed()
    {
        var host = await FreshAsync("h1");
        Assert.Null(await host.ResolveAsync("web"));

        var set = await host.ResultAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", SearchDomains = ["lab.test", "other.test"] });
        Assert.Equal(TestNetwork.FirstAnswer, await host.ResolveAsync("web"));
        var removed = await host.ResultAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", SearchDomains = [] });
        Assert.Null(await host.ResolveAsync("web"));

        Assert.Equal((true, true), (set.Changed, removed.Changed));
        Assert.Equal(Fresh.TrimEnd('\n'), await host.MustAsync("cat", "/etc/resolv.conf"));
    }

    [Fact]
    public async Task Servers_are_asked_over_IPv6_too()
    {
        var host = await FreshAsync("h1");
        await host.MustAsync("ip", "addr", "replace", "fd77::1/64", "dev", "eth0", "nodad");

        await host.ResultAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = [TestNetwork.FirstServer6] });

        Assert.Equal(TestNetwork.FirstAnswer, await host.ResolveAsync("web.lab.test"));
        Assert.Equal(["fd77::254"], (await host.ResultAsync(NetworkOperations.GetDns, new() { InterfaceName = "eth0" })).Servers);
    }

    [Fact]
    public async Task A_file_that_something_is_mounted_on_is_written_in_place_and_the_answer_says_so()
    {
        var host = await FreshAsync("h2");
        await host.MustAsync("sh", "-c", "cp /etc/resolv.conf /tmp/mine; mount --bind /tmp/mine /etc/resolv.conf");

        var result = await host.ResultAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = [TestNetwork.SecondServer] });
        var again = await host.ResultAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = [TestNetwork.SecondServer] });
        var answer = await host.ResolveAsync("web.lab.test");
        var left = await host.MustAsync("sh", "-c", "cat /tmp/mine; umount /etc/resolv.conf; ls /etc | grep -c osapi- || true");

        Assert.Equal((true, "/etc/resolv.conf is mounted and was written in place, not replaced as a whole"), (result.Changed, result.Note));
        Assert.Equal((false, null), (again.Changed, again.Note));
        Assert.Equal(TestNetwork.SecondAnswer, answer);
        Assert.Equal(Fresh.Replace("254", "253", StringComparison.Ordinal) + "0", left);
    }

    [Fact]
    public async Task Where_nothing_can_be_written_the_update_fails_and_leaves_nothing()
    {
        var host = await FreshAsync("h2");
        await host.MustAsync("sh", "-c", "mount --bind /etc /etc; mount -o remount,bind,ro /etc");

        var entry = await host.ExecuteAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = [TestNetwork.SecondServer] });
        await host.MustAsync("umount", "/etc");

        Assert.Equal((Outcome.Failed, ErrorType.Failed, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.StartsWith("/etc/resolv.conf cannot be written: ", entry.Error, StringComparison.Ordinal);
        Assert.Equal(TestNetwork.FirstAnswer, await host.ResolveAsync("web.lab.test"));
    }

    [Fact]
    public async Task Two_hosts_have_each_their_own_settings()
    {
        var (one, two) = (await FreshAsync("h1"), await FreshAsync("h2"));

        await two.ResultAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = [TestNetwork.SecondServer] });

        Assert.Equal(TestNetwork.FirstAnswer, await one.ResolveAsync("web.lab.test"));
        Assert.Equal(TestNetwork.SecondAnswer, await two.ResolveAsync("web.lab.test"));
    }

    private async Task<LightHost> FreshAsync(string name)
    {
        var host = await hosts.GetAsync(name);
        await host.MustAsync("sh", "-c", $"printf '{Fresh.Replace("\n", "\\n", StringComparison.Ordinal)}' > /etc/resolv.conf");
        return host;
    }

    private static Task<string> StateAsync(LightHost host) => host.MustAsync("sh", "-c", "stat -c '%i %Y %s %a' /etc/resolv.conf; sha256sum < /etc/resolv.conf; ls -a /etc | wc -l");
}
