using System.Text;
using CsCheck;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Node;

/// <summary>Whatever stands in a file, a reader gives a value or says that the file is no good.</summary>
public sealed class HostileFilesTests : IDisposable
{
    private readonly HostTree tree = new();

    public void Dispose() => tree.Dispose();

    [Fact]
    public void Hostname() => Hostile("/proc/sys/kernel/hostname", ["web-01\n"], host => Assert.NotEqual("", host.ReadHostname()));

    [Fact]
    public void Uptime() => Hostile("/proc/uptime", ["368045.99 1456982.01\n"], host => Assert.True(UptimeInfo.Words(host.ReadUptime()).Length + UptimeInfo.Compact(host.ReadUptime()).Length > 0));

    [Fact]
    public void Load() => Hostile("/proc/loadavg", ["0.32 1.28 12.15 1/834 1234567\n"], host =>
        Assert.All([host.ReadLoad().OneMinute, host.ReadLoad().FiveMinutes, host.ReadLoad().FifteenMinutes], load => Assert.True(double.IsFinite(load) && load >= 0)));

    [Fact]
    public void Memory() => Hostile("/proc/meminfo", ["MemTotal:        8127204 kB\nMemFree:         4021440 kB\nMemAvailable:    6593196 kB\n", "MemTotal: 8 kB\nMemFree: 4 kB\nBuffers: 9 kB\nCached: 9 kB\nShmem: 99 kB\n"], host =>
    {
        var memory = host.ReadMemory();
        Assert.True(memory.Total >= 0 && memory.Free >= 0 && memory.Used >= 0 && memory.Available >= 0 && memory.Used + memory.Available == memory.Total, memory.ToString());
    });

    [Fact]
    public void OsRelease() => Hostile("/etc/os-release", ["ID=debian\nVERSION_ID=\"12\"\nNAME='a'\n# x\n"], host => Assert.NotNull(host.ReadOs().Version));

    [Fact]
    public void Disks() => Hostile("/proc/self/mountinfo", [MountTables.Debian, MountTables.FedoraBtrfs, MountTables.Container, MountTables.Zfs], host =>
        Assert.All(host.ReadDisks(), disk => Assert.True(disk is { Total: > 0, Used: >= 0, Free: >= 0 }, disk.ToString())));

    private void Hostile(string path, string[] real, Action<Host> read)
    {
        tree.With(path, "");
        var file = Path.Join(tree.Host.Root, path);
        Content(real).Sample(
            content =>
            {
                File.WriteAllBytes(file, content);
                try
                {
                    read(tree.Host);
                }
                catch (OperationException exception)
                {
                    Assert.Contains(path, exception.Message, StringComparison.Ordinal);
                }
            },
            iter: Fuzz.Times(20_000),
            threads: 1,
            print: content => Convert.ToHexString(content));
    }

    private static Gen<string> Choose(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    // Noise, and real files with pieces replaced, doubled or cut out.
    private static Gen<byte[]> Content(string[] real)
    {
        var noise = Gen.Byte.Array[0, 200];
        var piece = Gen.OneOf(
            noise,
            Choose("\0", " ", "\n", ":", "-", " - ", "\\", "\\040", "\\777", "/dev/", "/", "//", "..", "kB", "0:", "=", "\"", "'", "99999999999999999999", "-1", "1e308", "NaN", "\ufeff", "\u2028")
                .Select(Encoding.UTF8.GetBytes));
        var mutated = Gen.Select(Choose(real).Select(Encoding.UTF8.GetBytes), Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 40], piece).Array[0, 8], (bytes, changes) =>
        {
            foreach (var (at, length, by) in changes)
            {
                var from = at % (bytes.Length + 1);
                bytes = [.. bytes.AsSpan(0, from), .. by, .. bytes.AsSpan(Math.Min(bytes.Length, from + length))];
            }

            return bytes;
        });
        return Gen.OneOf(noise, mutated, mutated);
    }
}
