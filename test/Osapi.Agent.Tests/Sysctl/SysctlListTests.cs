using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Tests.Sysctl;

/// <summary>Tests of reading kernel settings.</summary>
public sealed class SysctlListTests : IDisposable
{
    private readonly PreparedTree tree = new PreparedTree()
        .With("proc/sys/net/ipv4/ip_forward", "1\n").With("proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n").With("proc/sys/net/ipv40", "0\n").With("proc/sys/kernel/version", "#1\nsecond line\n")
        .With("proc/sys/fs/binfmt_misc/status", "enabled\n")
        .With(SysctlFixture.Own("net.ipv4.ip_forward"), SysctlFixture.Mark + "net.ipv4.ip_forward = 1\n")
        .With(SysctlFixture.Own("net.bridge.none"), SysctlFixture.Mark + "net.bridge.none = 1\n")
        .With("etc/sysctl.d/50-other.conf", "net.ipv4.tcp_rmem = 1 2 3\n");

    [Fact]
    public async Task All_settings_are_listed_by_key_with_their_files()
    {
        Assert.Equal(["kernel.version", "net.bridge.none", "net.ipv4.ip_forward", "net.ipv4.tcp_rmem", "net.ipv40"], await KeysAsync(new()));

        var found = (await tree.ResultAsync(SysctlOperations.List, new() { Prefix = "net.ipv4.tcp_rmem" })).Settings;
        Assert.Equal(new SysctlSetting { Key = "net.ipv4.tcp_rmem", Value = "4096\t131072\t6291456", Persisted = "1 2 3", Path = "/etc/sysctl.d/50-other.conf" }, Assert.Single(found));
    }

    [Fact]
    public async Task A_prefix_is_a_number_of_whole_parts_in_either_form()
    {
        Assert.Equal(["net.ipv4.ip_forward", "net.ipv4.tcp_rmem"], await KeysAsync(new() { Prefix = "net.ipv4" }));
        Assert.Equal(["net.ipv4.ip_forward"], await KeysAsync(new() { Prefix = "net/ipv4/ip_forward" }));
        Assert.Empty(await KeysAsync(new() { Prefix = "net.none" }));
        Assert.Empty(await KeysAsync(new() { Prefix = "none.none" }));
    }

    [Fact]
    public async Task What_is_managed_is_listed_also_when_the_kernel_does_not_know_it()
    {
        Assert.Equal(["net.bridge.none", "net.ipv4.ip_forward"], await KeysAsync(new() { Managed = true }));
        Assert.Equal(["net.ipv4.ip_forward"], await KeysAsync(new() { Managed = true, Prefix = "net.ipv4" }));
        Assert.Equal(["kernel.version", "net.ipv4.tcp_rmem", "net.ipv40"], await KeysAsync(new() { Managed = false }));
    }

    [Fact]
    public async Task A_key_that_nobody_set_can_be_read_and_one_that_nobody_knows_is_not_found()
    {
        Assert.Equal(new SysctlSetting { Key = "kernel.version", Value = "#1\nsecond line" }, await tree.ResultAsync(SysctlOperations.Get, new() { Key = "kernel.version" }));
        Assert.Equal(new SysctlSetting { Key = "net.bridge.none", Managed = true, Path = "/etc/sysctl.d/90-osapi-net.bridge.none.conf" }, await WithoutPersistedAsync("net.bridge.none"));
        await tree.RefusedAsync(SysctlOperations.Get, new() { Key = "net.none" }, ErrorType.NotFound, "the kernel of this host has no setting net.none");
    }

    [Fact]
    public async Task A_host_without_kernel_settings_is_told()
    {
        Directory.Delete(tree.Full("proc/sys"), recursive: true);

        await tree.RefusedAsync(SysctlOperations.Update, new() { Key = "net.none", Value = "1" }, ErrorType.Unavailable, "there is no /proc/sys on this host");
    }

    public void Dispose() => tree.Dispose();

    private async Task<IEnumerable<string>> KeysAsync(ListSysctls request) => (await tree.ResultAsync(SysctlOperations.List, request)).Settings.Select(setting => setting.Key);

    private async Task<SysctlSetting> WithoutPersistedAsync(SysctlKey key)
    {
        var setting = await tree.ResultAsync(SysctlOperations.Get, new() { Key = key });
        Assert.Equal("1", setting.Persisted);
        return setting with { Persisted = null };
    }
}
