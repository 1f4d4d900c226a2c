using Osapi.Agent.Tests.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class MemoryTests
{
    private const string Modern = """
        MemTotal:       24684084 kB
        MemFree:        23134428 kB
        MemAvailable:   23747956 kB
        Buffers:            6808 kB
        Cached:           992564 kB
        SwapCached:            0 kB
        Active(file):     374412 kB
        Inactive(file):   421132 kB
        SReclaimable:      55428 kB
        HugePages_Total:       0
        DirectMap4k:       59228 kB

        """;

    // Linux 2.6.32, as in CentOS 6.
    private const string Old = """
        MemTotal:        1020116 kB
        MemFree:          100000 kB
        Buffers:           12000 kB
        Cached:           600000 kB
        Active(file):     300000 kB
        Inactive(file):   200000 kB
        SReclaimable:      40000 kB

        """;

    [Fact]
    public async Task Used_is_what_is_not_available()
    {
        using var tree = new PreparedTree().With("proc/meminfo", Modern);

        var memory = (await tree.ResultAsync(NodeOperations.Memory)).Memory;

        Assert.Equal(new(24684084L * 1024, 23134428L * 1024, (24684084L - 23747956) * 1024, 23747956L * 1024), memory);
    }

    [Theory]
    // 100000 - 10000 + 500000 - 10000 + 40000 - 10000; the low watermark is 5/4 of 8000.
    [InlineData("8000\n", 610_000)]
    // A watermark above half of the cache and of the slabs takes no more than half of each.
    [InlineData("800000\n", 0)]
    [InlineData(null, 640_000)]
    [InlineData("rubbish", 640_000)]
    public async Task A_kernel_without_the_field_gets_the_estimate_of_free(string? minFree, long available)
    {
        using var tree = new PreparedTree().With("proc/meminfo", Old);
        if (minFree is not null)
            tree.With("proc/sys/vm/min_free_kbytes", minFree);

        var memory = (await tree.ResultAsync(NodeOperations.Memory)).Memory;

        Assert.Equal(available * 1024, memory.Available);
        Assert.Equal((1020116 - available) * 1024, memory.Used);
    }

    [Fact]
    public async Task More_available_than_there_is_counts_as_what_is_free()
    {
        using var tree = new PreparedTree().With("proc/meminfo", "MemTotal: 1000 kB\nMemFree: 400 kB\nMemAvailable: 9000 kB\n");

        Assert.Equal(new(1000 * 1024, 400 * 1024, 600 * 1024, 400 * 1024), (await tree.ResultAsync(NodeOperations.Memory)).Memory);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal: 1000 kB\n")]
    [InlineData("MemTotal: -1000 kB\nMemFree: 1 kB\n")]
    [InlineData("MemTotal: 99999999999999999999 kB\nMemFree: 1 kB\n")]
    [InlineData("MemTotal: 9223372036854775807 kB\nMemFree: 1 kB\n")]
    [InlineData("MemTotal 1000 kB\nMemFree 1 kB\n")]
    public async Task An_invalid_file_is_named(string file)
    {
        using var tree = new PreparedTree().With("proc/meminfo", file);

        Assert.Equal("/proc/meminfo has no MemTotal and MemFree", await tree.ErrorAsync(NodeOperations.Memory));
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        using PreparedTree tree = new();

        Assert.Equal("/proc/meminfo cannot be read: there is no such file", await tree.ErrorAsync(NodeOperations.Memory));
    }
}
