using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

/// <summary>Tests on the machine that runs the tests, compared with its own tools at the same moment.</summary>
public sealed class RealMachineTests
{
    [Fact]
    public async Task The_name_is_that_of_uname() =>
        Assert.Equal(Tool("uname", "-n").Trim(), (await ReadAsync(NodeOperations.Hostname)).OsHostname);

    [Fact]
    public async Task The_uptime_is_that_of_the_kernel()
    {
        var before = Seconds();
        var uptime = await ReadAsync(NodeOperations.Uptime);

        Assert.InRange(uptime.UptimeSeconds, before, Seconds());

        static long Seconds() => (long)double.Parse(Tool("cat", "/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_memory_is_that_of_free()
    {
        // free -b: total used free shared buff/cache available
        var line = Tool("free", "-b").Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(long.Parse).ToArray();
        var memory = (await ReadAsync(NodeOperations.Memory)).Memory;
        var tolerance = memory.Total / 20;

        Assert.Equal(line[0], memory.Total);
        Assert.InRange(memory.Free, line[2] - tolerance, line[2] + tolerance);
        Assert.InRange(memory.Available, line[5] - tolerance, line[5] + tolerance);
        Assert.Equal(memory.Total - memory.Available, memory.Used);
    }

    [Fact]
    public async Task The_load_is_that_of_the_kernel()
    {
        var load = (await ReadAsync(NodeOperations.Load)).LoadAverage;
        var kernel = double.Parse(Tool("cat", "/proc/loadavg").Split(' ')[2], CultureInfo.InvariantCulture);

        Assert.InRange(load.FifteenMinutes, kernel - 0.5, kernel + 0.5);
    }

    [Fact]
    public async Task The_distribution_is_what_a_shell_reads()
    {
        var os = (await ReadAsync(NodeOperations.Os)).OsInfo;

        Assert.Equal(Tool("sh", "-c", ". /etc/os-release && printf '%s %s' \"$ID\" \"$VERSION_ID\""), $"{os.Distribution} {os.Version}");
    }

    [Fact]
    public async Task Each_disk_is_as_df_has_it()
    {
        var disks = (await ReadAsync(NodeOperations.Disk)).Disks;

        Assert.Contains(disks, disk => disk.Name == "/");
        foreach (var disk in disks)
        {
            var df = Tool("df", "-B1", "--output=size,used,avail", disk.Name).Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray();
            var tolerance = disk.Total / 50;
            Assert.Equal(df[0], disk.Total);
            Assert.InRange(disk.Used, df[1] - tolerance, df[1] + tolerance);
            Assert.InRange(disk.Free, df[2] - tolerance, df[2] + tolerance);
        }
    }

    [Fact]
    public async Task The_status_has_every_part()
    {
        var status = await ReadAsync(NodeOperations.Status);

        Assert.DoesNotContain(null, new object?[] { status.OsHostname, status.Uptime, status.OsInfo, status.LoadAverage, status.Memory, status.Disks });
    }

    private static async Task<T> ReadAsync<TRequest, T>(Operation<TRequest, T> operation)
        where TRequest : notnull
        where T : class
    {
        var entry = await new OperationExecutor(AgentHandlers.All, new() { Name = "here" }).RunAsync(operation.Id, default, check: false, TestContext.Current.CancellationToken);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        return entry.Result!.Value.Deserialize(operation.Result)!;
    }

    private static string Tool(string name, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
