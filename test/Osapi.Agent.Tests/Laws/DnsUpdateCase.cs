using Osapi.Agent.Hosts;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Tests.Laws;

/// <summary>A host without systemd, whose resolv.conf another program edits.</summary>
internal sealed class DnsUpdateCase : IdempotentCase
{
    private PreparedTree? tree;

    public override Operation Operation => NetworkOperations.UpdateDns;

    public override IReadOnlyList<string> Directories => [Tree.Full("")];

    private PreparedTree Tree => tree!;

    protected override Host Host => Tree.Host;

    protected override object Request => new UpdateDns { InterfaceName = "eth0", Servers = ["192.0.2.53", "2001:db8::53"], SearchDomains = ["example.com"] };

    public override Task PrepareAsync()
    {
        tree = new PreparedTree().With("proc/net/dev", "Inter-|   Receive\n face |bytes\n  eth0: 1224914    1562\n").With("proc/self/mountinfo", "36 35 98:0 / / rw - ext4 /dev/root rw\n");
        return DriftAsync();
    }

    public override Task DriftAsync()
    {
        Tree.With("etc/resolv.conf", "# by hand\noptions edns0\nnameserver 192.0.2.77\n");
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        tree?.Dispose();
        return ValueTask.CompletedTask;
    }
}
