using Osapi.Agent.Hosts;
using Osapi.Agent.Tests.Hosts;
using Osapi.Agent.Tests.Sysctl;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Tests.Laws;

/// <summary>A host with a kernel setting and its file.</summary>
internal abstract class SysctlCase : IdempotentCase
{
    public override IReadOnlyList<string> Directories => [Tree.Full("")];

    protected override Host Host => Tree.Host;

    protected PreparedTree Tree { get; } = new();

    public override Task PrepareAsync() => DriftAsync();

    public override ValueTask DisposeAsync()
    {
        Tree.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A setting whose value and file another program changes.</summary>
internal sealed class SysctlUpdateCase : SysctlCase
{
    public override Operation Operation => SysctlOperations.Update;

    protected override object Request => new UpdateSysctl { Key = "net.ipv4.ip_forward", Value = "1" };

    public override Task DriftAsync()
    {
        Tree.With("proc/sys/net/ipv4/ip_forward", "0\n").With(SysctlFixture.Own("net.ipv4.ip_forward"), SysctlFixture.Mark + "net.ipv4.ip_forward = 0\n");
        return Task.CompletedTask;
    }
}

/// <summary>A setting whose file comes back.</summary>
internal sealed class SysctlDeleteCase : SysctlCase
{
    public override Operation Operation => SysctlOperations.Delete;

    protected override object Request => new DeleteSysctl { Key = "net.ipv4.ip_forward", Restore = "0" };

    public override Task DriftAsync()
    {
        Tree.With("proc/sys/net/ipv4/ip_forward", "1\n").With(SysctlFixture.Own("net.ipv4.ip_forward"), SysctlFixture.Mark + "net.ipv4.ip_forward = 1\n");
        return Task.CompletedTask;
    }
}
