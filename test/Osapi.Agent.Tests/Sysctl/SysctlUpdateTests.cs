using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Tests.Sysctl;

/// <summary>Tests of changes of kernel settings in a prepared tree.</summary>
public sealed class SysctlUpdateTests : IDisposable
{
    private const string Forward = "proc/sys/net/ipv4/ip_forward", Memory = "proc/sys/net/ipv4/tcp_rmem";

    private readonly PreparedTree tree = new PreparedTree().With(Forward, "0\n").With(Memory, "4096\t131072\t6291456\n").With("etc/sysctl.d/README.sysctl", "not read\n");

    [Fact]
    public async Task A_value_is_set_in_the_kernel_and_in_a_file_once()
    {
        var (result, check) = await tree.StepAsync(SysctlOperations.Update, new() { Key = "net.ipv4.ip_forward", Value = "1" }, changes: true);
        await tree.StepAsync(SysctlOperations.Update, new() { Key = "net.ipv4.ip_forward", Value = "1" }, changes: false);

        Assert.Equal("1\n", tree.Read(Forward));
        Assert.Equal(SysctlFixture.Mark + "net.ipv4.ip_forward = 1\n", tree.Read(SysctlFixture.Own("net.ipv4.ip_forward")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(tree.Full(SysctlFixture.Own("net.ipv4.ip_forward"))));
        Assert.Equal(
            new SysctlResult { Key = "net.ipv4.ip_forward", Value = "1", Previous = "0", Managed = true, Persisted = "1", Path = "/etc/sysctl.d/90-osapi-net.ipv4.ip_forward.conf", Changed = true }, result);
        Assert.Equal(("""{"value":"0","persisted":null}""", """{"value":"1","persisted":"1"}"""), (check.Before!.Value.GetRawText(), check.After!.Value.GetRawText()));
    }

    [Theory]
    [InlineData("net.ipv4.conf.eth0/100.forwarding", "eth0.100")]
    [InlineData("net/ipv4/conf/eth0.100/forwarding", "eth0.100")]
    [InlineData("net.ipv4.conf.br0/1/2.forwarding", "br0.1.2")]
    [InlineData("net/ipv4/conf/br0.1.2/forwarding", "br0.1.2")]
    public async Task An_interface_with_dots_in_its_name_is_one_key_in_either_form(string key, string name)
    {
        tree.With($"proc/sys/net/ipv4/conf/{name}/forwarding", "0\n");

        var (result, _) = await tree.StepAsync(SysctlOperations.Update, new() { Key = key, Value = "1" }, changes: true);
        await tree.StepAsync(SysctlOperations.Update, new() { Key = $"net/ipv4/conf/{name}/forwarding", Value = "1" }, changes: false);

        var written = $"net.ipv4.conf.{name.Replace('.', '/')}.forwarding";
        Assert.Equal("1\n", tree.Read($"proc/sys/net/ipv4/conf/{name}/forwarding"));
        Assert.Equal((written, $"/etc/sysctl.d/90-osapi-{written.Replace('/', '-')}.conf"), (result.Key, result.Path));
        Assert.EndsWith($"\n{written} = 1\n", tree.Read(result.Path!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_keys_whose_files_have_the_same_name_do_not_replace_each_other()
    {
        tree.With("proc/sys/net/ipv4/conf/eth0.1/forwarding", "0\n").With("proc/sys/net/ipv4/conf/eth0-1/forwarding", "0\n");
        await tree.StepAsync(SysctlOperations.Update, new() { Key = "net.ipv4.conf.eth0/1.forwarding", Value = "1" }, changes: true);

        await tree.RefusedAsync(SysctlOperations.Update, new() { Key = "net.ipv4.conf.eth0-1.forwarding", Value = "1" }, ErrorType.Conflict, "has other lines than");
        await tree.RefusedAsync(SysctlOperations.Delete, new() { Key = "net.ipv4.conf.eth0-1.forwarding" }, ErrorType.Conflict, "and is not removed");
    }

    [Fact]
    public async Task Fields_are_compared_whatever_white_space_divides_them()
    {
        UpdateSysctl request = new() { Key = "net.ipv4.tcp_rmem", Value = "4096 131072   6291456" };

        await tree.StepAsync(SysctlOperations.Update, request, changes: true);
        await tree.StepAsync(SysctlOperations.Update, request with { Value = "4096\t131072 6291456" }, changes: false);

        Assert.Equal("4096\t131072\t6291456\n", tree.Read(Memory));
        await tree.StepAsync(SysctlOperations.Update, request with { Value = "4096 131072 6291457" }, changes: true);
    }

    [Fact]
    public async Task A_kernel_that_lost_the_value_gets_it_again_and_so_does_the_file()
    {
        UpdateSysctl request = new() { Key = "net.ipv4.ip_forward", Value = "1" };
        await tree.StepAsync(SysctlOperations.Update, request, changes: true);

        tree.With(Forward, "0\n");
        var (_, kernel) = await tree.StepAsync(SysctlOperations.Update, request, changes: true);
        File.Delete(tree.Full(SysctlFixture.Own("net.ipv4.ip_forward")));
        var (_, file) = await tree.StepAsync(SysctlOperations.Update, request, changes: true);

        Assert.Equal(("""{"value":"0"}""", """{"value":"1"}"""), (kernel.Before!.Value.GetRawText(), kernel.After!.Value.GetRawText()));
        Assert.Equal(("""{"persisted":null}""", """{"persisted":"1"}"""), (file.Before!.Value.GetRawText(), file.After!.Value.GetRawText()));
    }

    [Fact]
    public async Task An_unknown_key_or_a_wrong_line_of_somebody_else_does_not_matter()
    {
        tree.With("etc/sysctl.d/50-other.conf", "net.bridge.none = 1\nnonsense\n= 2\n-net.none = 1\n").With("etc/sysctl.conf", "\0\x01");

        await tree.StepAsync(SysctlOperations.Update, new() { Key = "net.ipv4.ip_forward", Value = "1" }, changes: true);
    }

    [Fact]
    public async Task A_key_that_the_kernel_does_not_know_is_not_found_or_only_written_to_the_file()
    {
        UpdateSysctl request = new() { Key = "net.bridge.bridge-nf-call-iptables", Value = "1" };

        await tree.RefusedAsync(SysctlOperations.Update, request, ErrorType.NotFound, "has no setting net.bridge.bridge-nf-call-iptables; it may belong to a module that is not loaded");
        await tree.RefusedAsync(SysctlOperations.Update, request with { Key = "net.ipv4.ip_forwrad" }, ErrorType.NotFound, "has no setting net.ipv4.ip_forwrad; did you mean 'ip_forward'?");
        var (result, _) = await tree.StepAsync(SysctlOperations.Update, request with { IgnoreUnknown = true }, changes: true);
        await tree.StepAsync(SysctlOperations.Update, request with { IgnoreUnknown = true }, changes: false);

        Assert.Equal((null, "1", true), (result.Value, result.Persisted, result.Managed));
        Assert.False(Directory.Exists(tree.Full("proc/sys/net/bridge")));
    }

    [Fact]
    public async Task Only_the_kernel_or_only_the_file_is_changed_when_that_is_said()
    {
        UpdateSysctl request = new() { Key = "net.ipv4.ip_forward", Value = "1" };

        var (now, _) = await tree.StepAsync(SysctlOperations.Update, request with { Persistent = false }, changes: true);
        Assert.Equal(("1", false, null), (now.Value, now.Managed, now.Path));
        var (later, _) = await tree.StepAsync(SysctlOperations.Update, request with { Value = "0", Runtime = false }, changes: true);
        Assert.Equal(("1", "0", null), (later.Value, later.Persisted, later.Previous));
        await tree.StepAsync(SysctlOperations.Update, request with { Persistent = false }, changes: false);
    }

    [Fact]
    public async Task What_can_only_be_read_only_be_written_or_has_parts_is_refused()
    {
        tree.With("proc/sys/net/count", "7\n").With("proc/sys/net/flush", "");
        File.SetUnixFileMode(tree.Full("proc/sys/net/count"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.SetUnixFileMode(tree.Full("proc/sys/net/flush"), UnixFileMode.UserWrite);

        await tree.RefusedAsync(SysctlOperations.Update, new() { Key = "net.count", Value = "8" }, ErrorType.Conflict, "net.count can only be read");
        await tree.StepAsync(SysctlOperations.Update, new() { Key = "net.count", Value = "7", Persistent = false }, changes: false);
        await tree.RefusedAsync(SysctlOperations.Update, new() { Key = "net.flush", Value = "1" }, ErrorType.Conflict, "net.flush is a command of the kernel");
        await tree.RefusedAsync(SysctlOperations.Update, new() { Key = "net.ipv4", Value = "1", IgnoreUnknown = true }, ErrorType.Invalid, "net.ipv4 is not a kernel setting");
        await tree.RefusedAsync(SysctlOperations.Get, new() { Key = "net.ipv4" }, ErrorType.Invalid, "net.ipv4 is not a kernel setting");
    }

    [Fact]
    public async Task A_value_that_not_every_user_may_read_is_kept_so()
    {
        tree.With("proc/sys/net/ipv4/tcp_fastopen_key", "1-2-3-4\n");
        File.SetUnixFileMode(tree.Full("proc/sys/net/ipv4/tcp_fastopen_key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var (result, check) = await tree.StepAsync(SysctlOperations.Update, new() { Key = "net.ipv4.tcp_fastopen_key", Value = "5-6-7-8" }, changes: true);
        var hidden = await tree.ResultAsync(SysctlOperations.Get, new() { Key = "net.ipv4.tcp_fastopen_key" });
        var shown = await tree.ResultAsync(SysctlOperations.Get, new() { Key = "net.ipv4.tcp_fastopen_key" }, showsContent: true);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(tree.Full(SysctlFixture.Own("net.ipv4.tcp_fastopen_key"))));
        Assert.Equal((null, null, null, true), (result.Value, result.Previous, result.Persisted, result.Managed));
        Assert.Equal("""{"value":null,"persisted":null}""", check.After!.Value.GetRawText());
        Assert.Equal((null, null), (hidden.Value, hidden.Persisted));
        Assert.Equal(("5-6-7-8", "5-6-7-8"), (shown.Value, shown.Persisted));
    }

    public void Dispose() => tree.Dispose();
}
