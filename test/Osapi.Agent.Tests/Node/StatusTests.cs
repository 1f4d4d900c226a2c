using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class StatusTests
{
    [Fact]
    public async Task All_parts_are_read_together()
    {
        using var tree = Whole();

        var status = await tree.ResultAsync(NodeOperations.Status);

        Assert.Equal("web-01.example.com", status.OsHostname);
        Assert.Equal("4 days, 6 hours, 14 minutes", status.Uptime);
        Assert.Equal(new("debian", "12"), status.OsInfo);
        Assert.Equal(new() { OneMinute = 0.32, FiveMinutes = 0.28, FifteenMinutes = 0.25 }, status.LoadAverage);
        Assert.Equal(new(1024000, 409600, 512000, 512000), status.Memory);
        Assert.Equal([new("/", 1000, 400, 550)], status.Disks);
    }

    [Theory]
    [InlineData("proc/sys/kernel/hostname", "os_hostname")]
    [InlineData("proc/uptime", "uptime")]
    [InlineData("proc/loadavg", "load_average")]
    [InlineData("proc/meminfo", "memory")]
    [InlineData("proc/self/mountinfo", "disks")]
    public async Task A_part_that_cannot_be_read_is_left_out_and_the_others_are_there(string file, string member)
    {
        using var tree = Whole().With(file, "\0\0rubbish");
        if (member == "os_hostname")
            tree.With(file, "\n");

        var entry = await tree.RunAsync(NodeOperations.Status);

        Assert.Equal(Outcome.Ok, entry.Outcome);
        var all = new[] { "os_hostname", "uptime", "os_info", "load_average", "memory", "disks" };
        Assert.Equal(all.Where(name => name != member), entry.Result!.Value.EnumerateObject().Select(found => found.Name));
    }

    [Fact]
    public async Task An_unexpected_error_affects_only_its_part()
    {
        using var tree = Whole().Mounted("/", new InvalidOperationException("surprise"));

        var status = await tree.ResultAsync(NodeOperations.Status);

        Assert.Null(status.Disks);
        Assert.NotNull(status.Memory);
    }

    [Fact]
    public async Task A_machine_without_anything_still_has_a_status()
    {
        using PreparedTree tree = new();

        Assert.Equal("{}", (await tree.RunAsync(NodeOperations.Status)).Result?.GetRawText());
    }

    private static PreparedTree Whole() => new PreparedTree()
        .With("proc/sys/kernel/hostname", "web-01.example.com\n")
        .With("proc/uptime", "368045.99 1.00\n")
        .With("proc/loadavg", "0.32 0.28 0.25 1/212 15423\n")
        .With("proc/meminfo", "MemTotal: 1000 kB\nMemFree: 400 kB\nMemAvailable: 500 kB\n")
        .With("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        .With("proc/filesystems", MountTables.FileSystems)
        .With("proc/self/mountinfo", "27 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw\n")
        .Mounted("/", 1000, 600, 550);
}
