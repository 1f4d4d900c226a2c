using Osapi.Agent.Registration;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations.Agents;

namespace Osapi.Agent.Tests.Registration;

/// <summary>Tests of the conditions of a host.</summary>
public sealed class ConditionTests : IDisposable
{
    private const string Mounts = "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n21 20 8:2 / /data rw - xfs /dev/sda2 rw\n";
    private const long Gibibyte = 1L << 30;

    private readonly PreparedTree tree = new PreparedTree().With("proc/filesystems", "\text4\n\txfs\nnodev\ttmpfs\n").With("proc/self/mountinfo", Mounts)
        .Mounted("/", 100, 90, 90).Mounted("/data", 100, 90, 90);

    public void Dispose() => tree.Dispose();

    [Theory]
    [InlineData(1_600, null)]
    [InlineData(1_599, "memory 90% used (14.4/16.0 GB)")]
    [InlineData(960, "memory 94% used (15.0/16.0 GB)")]
    public async Task Memory_is_short_when_more_than_the_threshold_is_in_use(long available, string? reason)
    {
        tree.With("proc/meminfo", $"MemTotal: {16_000 * 1049} kB\nMemFree: 1000 kB\nMemAvailable: {available * 1049} kB\n");

        Assert.Equal(reason, (await JudgeAsync())[AgentConditionType.MemoryPressure]);
    }

    [Theory]
    [InlineData("4.00", 2, null)]
    [InlineData("4.12", 2, "load 4.12, threshold 4.00 for 2 CPUs")]
    [InlineData("2.01", 1, "load 2.01, threshold 2.00 for 1 CPU")]
    [InlineData("99.00", null, null)]
    public async Task The_load_is_high_when_it_is_above_the_threshold_for_each_processor(string load, int? processors, string? reason)
    {
        tree.With("proc/loadavg", $"{load} 0.10 0.10 1/100 4711\n");

        Assert.Equal(reason, (await JudgeAsync(processors: processors))[AgentConditionType.HighLoad]);
    }

    [Fact]
    public async Task Disks_are_short_when_the_fullest_of_them_is_above_the_threshold()
    {
        tree.Mounted("/", 100 * Gibibyte, 9 * Gibibyte, 4 * Gibibyte).Mounted("/data", 100 * Gibibyte, 7 * Gibibyte, 7 * Gibibyte);
        Assert.Equal("/data 93% used (93.0/100.0 GB)", (await JudgeAsync())[AgentConditionType.DiskPressure]);

        tree.Mounted("/", 100, 10, 10).Mounted("/data", 100, 10, 10);
        Assert.Null((await JudgeAsync())[AgentConditionType.DiskPressure]);
    }

    [Fact]
    public async Task If_a_value_cannot_be_read_its_condition_is_false()
    {
        tree.With("proc/meminfo", "garbage").With("proc/loadavg", "garbage").Mounted("/data", new IOException("it hangs no more, and is broken"));

        var reasons = await JudgeAsync();

        Assert.Equal([AgentConditionType.MemoryPressure, AgentConditionType.HighLoad, AgentConditionType.DiskPressure, AgentConditionType.Cloned], reasons.Keys);
        Assert.All(reasons.Values, Assert.Null);
    }

    [Fact]
    public async Task The_thresholds_are_the_operators()
    {
        tree.With("proc/meminfo", "MemTotal: 100 kB\nMemFree: 40 kB\nMemAvailable: 49 kB\n").With("proc/loadavg", "0.60 0 0 1/1 1\n").Mounted("/", 100, 40, 40).Mounted("/data", 100, 60, 60);

        var reasons = await JudgeAsync(new() { MemoryPressure = 50, HighLoad = 0.5, DiskPressure = 59 });

        Assert.Equal(3, reasons.Values.Count(reason => reason is not null));
    }

    [Fact]
    public void A_condition_keeps_the_time_since_when_it_is_as_it_is()
    {
        DateTimeOffset then = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), now = then.AddHours(1);
        AgentCondition[] before = [new("A", true, then, "old figures"), new("B", false, then), new("C", true, then, "was so")];

        var after = Conditions.Merge(before, new Dictionary<string, string?> { ["A"] = "new figures", ["B"] = "is so now", ["C"] = null, ["D"] = null }, now);

        Assert.Equal([new("A", true, then, "new figures"), new("B", true, now, "is so now"), new("C", false, now), new("D", false, now)], after);
    }

    private Task<IReadOnlyDictionary<string, string?>> JudgeAsync(ConditionThresholds? thresholds = null, int? processors = 1) =>
        new Conditions(tree.Host, thresholds ?? new()).EvaluateAsync(processors, TestContext.Current.CancellationToken);
}
