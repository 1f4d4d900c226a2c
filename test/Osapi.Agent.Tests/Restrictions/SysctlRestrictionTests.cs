using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Tests.Restrictions;

/// <summary>Tests of an agent whose configuration limits what kernel settings could do.</summary>
public sealed class SysctlRestrictionTests : IDisposable
{
    private readonly PreparedTree tree = new PreparedTree().With("proc/sys/kernel/core_pattern", "core\n").With("proc/sys/net/ipv4/ip_forward", "0\n").With("etc/sysctl.d/keep", "");

    public static TheoryData<string, RestrictionLists, RestrictionLists, string> Denied => new()
    {
        { "kernel.core_pattern", new(), new() { Commands = ["/usr/bin/true"] }, "which a program of the kernel could evade" },
        { "kernel.core_pattern", new() { Users = ["nobody"] }, new(), "which a program of the kernel could evade" },
        { "kernel.core_pattern", new(), new() { Paths = ["/srv"] }, "which a program of the kernel could evade" },
        { "kernel.core_pattern", new() { Paths = ["/etc/sysctl.d", "/proc/sys/net"] }, new(), "is not in a path that agent.allow.paths lists" },
        { "net.ipv4.ip_forward", new(), new() { Paths = ["/proc/sys/net"] }, "is in /proc/sys/net, which agent.deny.paths lists" },
        { "net.ipv4.ip_forward", new(), new() { Paths = ["/etc/sysctl.d"] }, "is in /etc/sysctl.d, which agent.deny.paths lists" },
        { "net.ipv4.ip_forward", new() { Paths = ["/proc/sys"] }, new(), "is not in a path that agent.allow.paths lists" },
    };

    public static TheoryData<string, RestrictionLists, RestrictionLists> Allowed => new()
    {
        { "kernel.core_pattern", new(), new() },
        { "kernel.core_pattern", new() { Paths = ["/etc/sysctl.d", "/proc/sys/kernel"] }, new() { Commands = ["/usr/bin/true"] } },
        { "net.ipv4.ip_forward", new(), new() { Commands = ["/usr/bin/true"], Paths = ["/srv"] } },
    };

    [Theory, MemberData(nameof(Denied))]
    public async Task A_setting_is_denied_where_its_place_is_or_where_a_program_of_the_kernel_could_evade_a_list(string key, RestrictionLists allow, RestrictionLists deny, string reason)
    {
        foreach (var isCheck in (bool[])[true, false])
        {
            var reply = await RunAsync(key, allow, deny, isCheck);
            Assert.Equal((Outcome.Failed, ErrorType.Denied, false), (reply.Outcome, reply.ErrorType, reply.Changed));
            Assert.Contains(reason, reply.Error, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Allowed))]
    public async Task A_setting_is_allowed_without_lists_or_where_its_place_is_listed(string key, RestrictionLists allow, RestrictionLists deny)
    {
        var reply = await RunAsync(key, allow, deny, isCheck: false);

        Assert.Equal((Outcome.Ok, null, true), (reply.Outcome, reply.Error, reply.Changed));
    }

    public void Dispose() => tree.Dispose();

    private async Task<HostReply> RunAsync(string key, RestrictionLists allow, RestrictionLists deny, bool isCheck) =>
        await new OperationExecutor(AgentHandlers.All, tree.Host with { Restrictions = new() { Allow = allow, Deny = deny } }).RunAsync(
            SysctlOperations.Update.Id, JsonSerializer.SerializeToUtf8Bytes(new() { Key = key, Value = "1" }, SysctlOperations.Update.Request), isCheck, TestContext.Current.CancellationToken);
}
