using System.Diagnostics;
using System.Globalization;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

/// <summary>This machine, compared with what its own programs say.</summary>
public sealed class RealMachineTests
{
    // Other tests write and allocate meanwhile.
    private const long Tolerance = 512L * 1024 * 1024;

    [Fact]
    public async Task Disks_are_what_df_says()
    {
        var disks = (await AskAsync(NodeOperations.Disk)).Disks;
        var lines = (await RunAsync("df", "-a", "-B1", "--output=size,used,avail,source,fstype,target")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length == 6 && fields[0] != "-")
            .ToList();

        Assert.NotEmpty(disks);
        foreach (var disk in disks)
        {
            // Of several on one mount point df, too, can only see the last.
            var line = lines.Last(line => line[5].Trim() == disk.Name);
            Assert.Equal(Number(line[0]), disk.Total);
            Assert.InRange(disk.Used, Number(line[1]) - Tolerance, Number(line[1]) + Tolerance);
            Assert.InRange(disk.Free, Number(line[2]) - Tolerance, Number(line[2]) + Tolerance);
        }

        // No device that df knows is missing.
        foreach (var line in lines.Where(line => line[3].StartsWith("/dev/", StringComparison.Ordinal) && line[4] is "ext4" or "xfs" or "btrfs" && Directory.Exists(line[5].Trim())))
            Assert.Contains(disks, disk => disk.Total == Number(line[0]));
    }

    [Fact]
    public async Task Memory_is_what_free_says()
    {
        var memory = (await AskAsync(NodeOperations.Memory)).Memory;
        var fields = (await RunAsync("free", "-b")).Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(Number(fields[1]), memory.Total);
        Assert.InRange(memory.Free, Number(fields[3]) - Tolerance, Number(fields[3]) + Tolerance);
        Assert.InRange(memory.Available, Number(fields[6]) - Tolerance, Number(fields[6]) + Tolerance);
    }

    [Fact]
    public async Task The_name_is_what_uname_says() =>
        Assert.Equal((await RunAsync("uname", "-n")).Trim(), (await AskAsync(NodeOperations.Hostname)).OsHostname);

    [Fact]
    public async Task The_uptime_is_the_kernels()
    {
        var before = await SecondsAsync();
        var uptime = await AskAsync(NodeOperations.Uptime);
        var after = await SecondsAsync();

        Assert.InRange(uptime.UptimeSeconds, Math.Floor(before), after);

        static async Task<double> SecondsAsync() => double.Parse((await RunAsync("cat", "/proc/uptime")).Split(' ')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_system_is_what_its_shell_reads()
    {
        var os = (await AskAsync(NodeOperations.Os)).OsInfo;

        Assert.Equal((await RunAsync("sh", "-c", ". /etc/os-release; echo \"$ID|${VERSION_ID:-}\"")).Trim(), $"{os.Distribution}|{os.Version}");
    }

    [Fact]
    public async Task The_status_has_every_part()
    {
        var status = await AskAsync(NodeOperations.Status);

        Assert.DoesNotContain(null, (object?[])[status.OsHostname, status.Uptime, status.OsInfo, status.LoadAverage, status.Memory, status.Disks]);
    }

    private static async Task<T> AskAsync<TRequest, T>(Operation<TRequest, T> operation)
        where TRequest : notnull
        where T : notnull
    {
        var entry = await new Execution(AgentHandlers.All, new Host { Name = "here" }).RunAsync(operation.Id, null, TestContext.Current.CancellationToken);
        return entry.As(operation.Result).Result!;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await errors;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
