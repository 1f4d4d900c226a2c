using System.Text.Json;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Hosts.Tests.Sysctl;

/// <summary>Tests of kernel settings with a real kernel: those of the network belong to the host, all others are read-only.</summary>
[Collection("hosts, one class after the other")]
public sealed class SysctlHostTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    private const string Forward = "net.ipv4.ip_forward", Memory = "net.ipv4.tcp_rmem";

    private const string State = "find /etc/sysctl.d -printf '%p %i %C@ %m %s\\n'; sysctl -n net.ipv4.ip_forward net.ipv4.tcp_rmem net.ipv4.tcp_congestion_control";

    [Fact]
    public async Task A_value_is_set_now_and_in_a_file_that_the_tools_of_the_host_read()
    {
        var host = await FreshAsync();

        var result = await StepAsync(host, new() { Key = Forward, Value = "1" }, changes: true);
        await StepAsync(host, new() { Key = Forward, Value = "1" }, changes: false);
        Assert.Equal(("1", "0", "1"), (result.Value, result.Previous, await host.MustAsync("sysctl", "-n", Forward)));

        await host.MustAsync("sysctl", "-qw", $"{Forward}=0");
        await host.MustAsync("sysctl", "-q", "-p", result.Path!);
        Assert.Equal("1", await host.MustAsync("sysctl", "-n", Forward));
        var deleted = await host.ResultAsync(SysctlOperations.Delete, new() { Key = Forward, Restore = "0" });
        Assert.Equal((true, "0", false), (deleted.Changed, deleted.Value, deleted.Managed));
    }

    [Fact]
    public async Task Several_fields_are_set_at_once_and_are_then_the_same()
    {
        var host = await FreshAsync();

        await StepAsync(host, new() { Key = Memory, Value = "4096 65536 4194304" }, changes: true);
        await StepAsync(host, new() { Key = Memory, Value = "4096 65536 4194304" }, changes: false);

        Assert.Equal("4096\t65536\t4194304", await host.MustAsync("sysctl", "-n", Memory));
    }

    [Fact]
    public async Task An_interface_with_a_dot_in_its_name_has_its_own_settings()
    {
        var host = await FreshAsync("ip link add name eth7.100 type veth peer name eth8");

        var result = await StepAsync(host, new() { Key = "net/ipv4/conf/eth7.100/log_martians", Value = "1" }, changes: true);
        await StepAsync(host, new() { Key = "net.ipv4.conf.eth7/100.log_martians", Value = "1" }, changes: false);

        Assert.Equal("1", await host.MustAsync("cat", "/proc/sys/net/ipv4/conf/eth7.100/log_martians"));
        await host.MustAsync("sh", "-c", $"echo 0 > /proc/sys/net/ipv4/conf/eth7.100/log_martians; sysctl -q -p {result.Path}; grep -q 1 /proc/sys/net/ipv4/conf/eth7.100/log_martians; ip link del eth8");
    }

    [Theory]
    [InlineData(Forward, "yes", "the kernel does not accept the value for net.ipv4.ip_forward", "; its value is 0")]
    [InlineData(Memory, "4097 none", "the kernel does not accept the value for net.ipv4.tcp_rmem", "; its value is 4096\t131072\t6291456")]
    [InlineData("net.ipv4.tcp_congestion_control", "none", "the kernel does not accept the value for net.ipv4.tcp_congestion_control", "; its value is ")]
    [InlineData(Forward, "0x1", "the kernel makes 1 of the value for net.ipv4.ip_forward", "the previous one is back")]
    [InlineData(Forward, "1 2", "net.ipv4.ip_forward", "")]
    [InlineData(Memory, "4097", "the kernel makes 4097\t131072\t6291456 of the value for net.ipv4.tcp_rmem", "the previous one is back")]
    public async Task A_value_that_the_kernel_does_not_take_as_it_is_changes_nothing_and_is_never_in_a_file(string key, string value, string first, string second)
    {
        var host = await FreshAsync();
        var before = await host.MustAsync("sh", "-c", State);

        var reply = await host.ExecuteAsync(SysctlOperations.Update, new() { Key = key, Value = value });

        Assert.Equal((Outcome.Failed, ErrorType.Invalid, false), (reply.Outcome, reply.ErrorType, reply.Changed));
        Assert.Contains(first, reply.Error, StringComparison.Ordinal);
        Assert.Contains(second, reply.Error, StringComparison.Ordinal);
        Assert.Equal(before, await host.MustAsync("sh", "-c", State));
    }

    [Theory]
    [InlineData("vm.swappiness", ErrorType.Unavailable, "/proc/sys is read-only on this host")]
    [InlineData("kernel.panic", ErrorType.Unavailable, "/proc/sys is read-only on this host")]
    [InlineData("kernel.ostype", ErrorType.Conflict, "kernel.ostype can only be read")]
    [InlineData("net.ipv4.route.flush", ErrorType.Conflict, "is a command of the kernel")]
    [InlineData("net.bridge.none", ErrorType.NotFound, "it may belong to a module that is not loaded")]
    public async Task What_cannot_be_set_here_is_refused_by_the_check_and_by_the_run(string key, ErrorType type, string text)
    {
        var host = await FreshAsync();
        var before = await host.MustAsync("sh", "-c", State);
        UpdateSysctl request = new() { Key = key, Value = "17" };

        var check = await host.ExecuteAsync(SysctlOperations.Update, request, check: true);
        var reply = await host.ExecuteAsync(SysctlOperations.Update, request);

        Assert.Equal((Outcome.Failed, type, false), (reply.Outcome, reply.ErrorType, reply.Changed));
        Assert.Contains(text, reply.Error, StringComparison.Ordinal);
        Assert.Equal((reply.ErrorType, reply.Error), (check.ErrorType, check.Error));
        Assert.Equal(before, await host.MustAsync("sh", "-c", State));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_with_what_has_changed_already()
    {
        var host = await FreshAsync("mkdir -p /etc/sysctl.d; mount --bind /etc/sysctl.d /etc/sysctl.d; mount -o remount,bind,ro /etc/sysctl.d");

        var reply = await host.ExecuteAsync(SysctlOperations.Update, new() { Key = Forward, Value = "1" });
        await host.MustAsync("umount", "/etc/sysctl.d");

        Assert.Equal((Outcome.Failed, ErrorType.Failed, true), (reply.Outcome, reply.ErrorType, reply.Changed));
        Assert.StartsWith("the value was set in the kernel, but /etc/sysctl.d/90-osapi-net.ipv4.ip_forward.conf cannot be written", reply.Error, StringComparison.Ordinal);
        Assert.Equal("1", await host.MustAsync("sysctl", "-n", Forward));
    }

    [Fact]
    public async Task An_agent_that_is_not_root_may_read_and_not_set()
    {
        var host = await FreshAsync();
        await using var agent = host.StartUnprivilegedAgent();
        UpdateSysctl request = new() { Key = Forward, Value = "1" };

        foreach (var isCheck in (bool[])[true, false])
        {
            var reply = await agent.ExecuteAsync(SysctlOperations.Update.Id, JsonSerializer.SerializeToElement(request, SysctlOperations.Update.Request), isCheck, TestContext.Current.CancellationToken);
            Assert.Equal((Outcome.Failed, ErrorType.Unavailable), (reply.Outcome, reply.ErrorType));
            Assert.Contains("which may not be root", reply.Error, StringComparison.Ordinal);
        }

        Assert.Equal("0", await host.MustAsync("sysctl", "-n", Forward));
    }

    [Fact]
    public async Task Every_setting_of_the_kernel_is_listed()
    {
        var host = await FreshAsync();
        await host.ResultAsync(SysctlOperations.Update, new() { Key = Forward, Value = "1" });

        var listed = (await host.ResultAsync(SysctlOperations.List, new() { Prefix = "net" })).Settings;
        var managed = Assert.Single((await host.ResultAsync(SysctlOperations.List, new() { Managed = true })).Settings);

        // The tool of the host writes the same names.
        var expected = (await host.RunAsync("sysctl", "-aN")).Output.Split('\n').Where(name => name.StartsWith("net.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(expected);
        Assert.Empty(expected.Except(listed.Select(setting => setting.Key)));
        Assert.Equal((Forward, "1"), (managed.Key, managed.Persisted));
    }

    private static async Task<SysctlResult> StepAsync(LightHost host, UpdateSysctl request, bool changes)
    {
        var before = await host.MustAsync("sh", "-c", State);
        var check = await host.ExecuteAsync(SysctlOperations.Update, request, check: true);
        Assert.Equal((Outcome.Ok, null, changes), (check.Outcome, check.Error, check.Check?.Changed));
        Assert.Equal(before, await host.MustAsync("sh", "-c", State));
        var entry = await host.ExecuteAsync(SysctlOperations.Update, request);
        Assert.Equal((Outcome.Ok, null, changes), (entry.Outcome, entry.Error, entry.Changed));
        Assert.Equal(changes, before != await host.MustAsync("sh", "-c", State));
        return entry.Result!.Value.Deserialize(SysctlOperations.Update.Result)!;
    }

    private async Task<LightHost> FreshAsync(string lines = "true")
    {
        var host = await hosts.GetAsync("h1");
        await host.MustAsync("sh", "-c", $"rm -f /etc/sysctl.d/90-osapi-*; sysctl -qw {Forward}=0; sysctl -qw '{Memory}=4096 131072 6291456'; {lines}");
        return host;
    }
}
