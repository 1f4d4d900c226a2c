using Osapi.Agent.Tests.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class HostnameTests
{
    [Fact]
    public async Task The_kernels_whole_name_is_read_beside_the_agents_labels()
    {
        using var tree = new PreparedTree { Labels = new Dictionary<string, string> { ["group"] = "web.dev" } }.With("proc/sys/kernel/hostname", "web-01.example.com\n");

        var entry = await tree.RunAsync(NodeOperations.Hostname);

        Assert.Equal("web-01", entry.Hostname);
        Assert.Equal("""{"os_hostname":"web-01.example.com","labels":{"group":"web.dev"}}""", entry.Result?.GetRawText());
    }

    [Fact]
    public async Task Without_labels_there_is_no_member_for_them()
    {
        using var tree = new PreparedTree().With("proc/sys/kernel/hostname", "alpine\n");

        Assert.Equal("""{"os_hostname":"alpine"}""", (await tree.RunAsync(NodeOperations.Hostname)).Result?.GetRawText());
    }

    [Fact]
    public async Task An_empty_name_is_an_error()
    {
        using var tree = new PreparedTree().With("proc/sys/kernel/hostname", "\n");

        Assert.Equal("/proc/sys/kernel/hostname has no name", await tree.ErrorAsync(NodeOperations.Hostname));
    }
}
