using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class NodeTests : IDisposable
{
    private const string MemoryOfDebian = """
        MemTotal:        8127204 kB
        MemFree:         4021440 kB
        MemAvailable:    6593196 kB
        Buffers:          131516 kB
        Cached:          2574628 kB
        SwapCached:            0 kB
        Shmem:             91908 kB
        SReclaimable:     130904 kB
        HugePages_Total:       0
        Hugepagesize:       2048 kB
        DirectMap1G:     6291456 kB

        """;

    private readonly HostTree tree = new();

    public void Dispose() => tree.Dispose();

    [Fact]
    public async Task The_name_is_the_kernels()
    {
        var answer = await tree.With("/proc/sys/kernel/hostname", "web-01.example\n").AskAsync(NodeOperations.Hostname);

        Assert.Equal(("web-01.example", null, "agent", false), (answer.Result!.OsHostname, answer.Result.Labels, answer.Hostname, answer.Changed));
    }

    [Fact]
    public async Task Memory_that_is_used_is_what_is_not_available()
    {
        var answer = await tree.With("/proc/meminfo", MemoryOfDebian).AskAsync(NodeOperations.Memory);

        Assert.Equal(new Memory(8127204L * 1024, 4021440L * 1024, (8127204L - 6593196) * 1024, 6593196L * 1024), answer.Result!.Memory);
    }

    [Fact]
    public async Task Kernels_without_MemAvailable_count_their_caches_without_shared_memory()
    {
        // CentOS 6, kernel 2.6.32.
        var answer = await tree.With("/proc/meminfo", """
            MemTotal:        1020128 kB
            MemFree:          105436 kB
            Buffers:           52080 kB
            Cached:           571028 kB
            SwapCached:           16 kB
            Shmem:            200212 kB
            SReclaimable:      61420 kB
            """).AskAsync(NodeOperations.Memory);

        const long available = 105436 + 52080 + 571028 + 61420 - 200212;
        Assert.Equal(new Memory(1020128L * 1024, 105436L * 1024, (1020128L - available) * 1024, available * 1024), answer.Result!.Memory);
    }

    [Fact]
    public async Task The_load_is_three_averages()
    {
        var answer = await tree.With("/proc/loadavg", "0.32 1.28 12.15 1/834 1234567\n").AskAsync(NodeOperations.Load);

        Assert.Equal(new LoadAverage { OneMinute = 0.32, FiveMinutes = 1.28, FifteenMinutes = 12.15 }, answer.Result!.LoadAverage);
    }

    [Fact]
    public async Task The_uptime_is_whole_seconds()
    {
        var answer = await tree.With("/proc/uptime", "368045.99 1456982.01\n").AskAsync(NodeOperations.Uptime);

        Assert.Equal(new UptimeResult("102h14m5s", 368045), answer.Result);
    }

    [Theory]
    [InlineData("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL=\"https://www.debian.org/\"\n", "debian", "12")]
    [InlineData("PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nID=ubuntu\nID_LIKE=debian\n", "ubuntu", "24.04")]
    [InlineData("NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME=\"Alpine Linux v3.20\"\n", "alpine", "3.20.3")]
    [InlineData("NAME=\"Fedora Linux\"\nVERSION=\"41 (Server Edition)\"\nRELEASE_TYPE=stable\nID=fedora\nVERSION_ID=41\nANSI_COLOR=\"0;38;2;60;110;180\"\n", "fedora", "41")]
    [InlineData("NAME='Arch Linux'\nID=arch\nBUILD_ID=rolling\n", "arch", "")]
    [InlineData("# a comment\n\n  ID='SLES'  \r\nVERSION_ID=\"15\\.6\"\r\n", "sles", "15.6")]
    [InlineData("NAME=\"Own\"\n", "linux", "")]
    public async Task The_distribution_is_what_os_release_says(string text, string distribution, string version)
    {
        var answer = await tree.With("/etc/os-release", text).AskAsync(NodeOperations.Os);

        Assert.Equal(new OsInfo(distribution, version), answer.Result!.OsInfo);
    }

    [Fact]
    public async Task The_second_place_of_os_release_counts_when_there_is_no_first()
    {
        var answer = await tree.With("/usr/lib/os-release", "ID=debian\nVERSION_ID=\"13\"\n").AskAsync(NodeOperations.Os);

        Assert.Equal(new OsInfo("debian", "13"), answer.Result!.OsInfo);
    }

    [Fact]
    public async Task The_status_shows_everything_at_once()
    {
        var answer = await Whole().AskAsync(NodeOperations.Status);

        var status = answer.Result!;
        Assert.Equal(("web-01", "1 day, 1 hour, 1 minute", new OsInfo("debian", "12"), 0.5), (status.OsHostname, status.Uptime, status.OsInfo, status.LoadAverage!.OneMinute));
        Assert.Equal(8127204L * 1024, status.Memory!.Total);
        Assert.Equal("/", Assert.Single(status.Disks!).Name);
    }

    [Theory]
    [InlineData("/proc/uptime")]
    [InlineData("/proc/meminfo")]
    [InlineData("/proc/loadavg")]
    [InlineData("/proc/sys/kernel/hostname")]
    [InlineData("/etc/os-release")]
    [InlineData("/proc/self/mountinfo")]
    public async Task The_status_shows_what_there_is(string missing)
    {
        File.Delete(Path.Join(Whole().Host.Root, missing));

        var answer = await tree.AskAsync(NodeOperations.Status);

        var status = answer.Result!;
        Assert.Equal(Outcome.Ok, answer.Outcome);
        Assert.Equal(1, ((object?[])[status.OsHostname, status.Uptime, status.OsInfo, status.LoadAverage, status.Memory, status.Disks]).Count(part => part is null));
    }

    [Theory]
    [InlineData("/proc/uptime", "")]
    [InlineData("/proc/uptime", "soon 1.0\n")]
    [InlineData("/proc/uptime", "-5.0 1.0\n")]
    [InlineData("/proc/uptime", "NaN 1.0\n")]
    [InlineData("/proc/uptime", "Infinity\n")]
    [InlineData("/proc/uptime", "99999999999999999999 1\n")]
    [InlineData("/proc/meminfo", "")]
    [InlineData("/proc/meminfo", "MemTotal: lots kB\nMemFree: 1 kB\n")]
    [InlineData("/proc/meminfo", "MemTotal: 99999999999999999999 kB\nMemFree: 1 kB\n")]
    [InlineData("/proc/meminfo", "MemTotal: 9223372036854775807 kB\nMemFree: 1 kB\n")]
    [InlineData("/proc/meminfo", "MemTotal: 8 kB\n")]
    [InlineData("/proc/loadavg", "")]
    [InlineData("/proc/loadavg", "0.1 0.2\n")]
    [InlineData("/proc/loadavg", "0.1 NaN 0.2 1/2 3\n")]
    [InlineData("/proc/sys/kernel/hostname", "\n")]
    [InlineData("/etc/os-release", "\0\0\0")]
    [InlineData("/proc/uptime", null)]
    [InlineData("/proc/meminfo", null)]
    [InlineData("/proc/loadavg", null)]
    [InlineData("/proc/sys/kernel/hostname", null)]
    [InlineData("/etc/os-release", null)]
    public async Task What_is_missing_or_garbled_is_named(string path, string? text)
    {
        if (text is not null)
            tree.With(path, text);

        var (outcome, type, error) = path switch
        {
            "/proc/uptime" => Error(await tree.AskAsync(NodeOperations.Uptime)),
            "/proc/meminfo" => Error(await tree.AskAsync(NodeOperations.Memory)),
            "/proc/loadavg" => Error(await tree.AskAsync(NodeOperations.Load)),
            "/etc/os-release" => Error(await tree.AskAsync(NodeOperations.Os)),
            _ => Error(await tree.AskAsync(NodeOperations.Hostname)),
        };

        Assert.Equal((Outcome.Failed, ErrorType.Unavailable), (outcome, type));
        Assert.Contains(path, error, StringComparison.Ordinal);

        static (Outcome, ErrorType?, string?) Error<T>(HostResult<T> answer)
            where T : notnull => (answer.Outcome, answer.ErrorType, answer.Error);
    }

    private HostTree Whole() => tree
        .With("/proc/sys/kernel/hostname", "web-01\n")
        .With("/proc/uptime", "90061.50 1.00\n")
        .With("/proc/meminfo", MemoryOfDebian)
        .With("/proc/loadavg", "0.50 0.40 0.30 1/100 1000\n")
        .With("/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        .With("/proc/self/mountinfo", "28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n");
}
