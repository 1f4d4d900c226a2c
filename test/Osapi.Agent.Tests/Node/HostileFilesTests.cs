using System.Text;
using CsCheck;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Tests.Handlers;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class HostileFilesTests
{
    private static readonly (string Path, string Text, Operation Operation)[] Files =
    [
        ("proc/sys/kernel/hostname", "web-01.example.com\n", NodeOperations.Hostname),
        ("proc/uptime", "368045.99 1200000.00\n", NodeOperations.Uptime),
        ("proc/loadavg", "0.32 0.28 0.25 1/212 15423\n", NodeOperations.Load),
        ("proc/meminfo", "MemTotal:       24684084 kB\nMemFree:        23134428 kB\nActive(file):     374412 kB\nSReclaimable:      55428 kB\n", NodeOperations.Memory),
        ("proc/sys/vm/min_free_kbytes", "67584\n", NodeOperations.Memory),
        ("etc/os-release", "PRETTY_NAME=\"Debian \\\"GNU\\\"\"\nID=debian\nVERSION_ID='12'\n", NodeOperations.Os),
        ("proc/self/mountinfo", MountTables.Debian + MountTables.Btrfs + MountTables.Container, NodeOperations.Disk),
        ("proc/filesystems", MountTables.FileSystems, NodeOperations.Disk),
    ];

    private static readonly string[] Meaningful =
        ["-", "\\", "\\777", "\\000", "\\04", " - ", "\n", "\t", "=", ":", "'", "\"", "9223372036854775807", "1e999", "NaN", "∞", " kB", "1 1 8:1 / / rw - ext4 /dev/x rw\n"];

    // A part of the file is replaced with something else: bytes, endless digits, or characters with a meaning to a parser.
    private static readonly Gen<(int At, int Cut, byte[] Put)> Damage = Gen.Select(
        Gen.Int[0, 400],
        Gen.Int[0, 40],
        Gen.OneOf(
            Gen.Byte.Array[0, 30],
            Gen.Int[0, Meaningful.Length - 1].Select(index => Encoding.UTF8.GetBytes(Meaningful[index])),
            Gen.Int[1, 400].Select(length => Encoding.UTF8.GetBytes(new string('9', length)))));

    [Fact]
    public async Task Any_content_of_the_files_gives_a_result_or_an_expected_failure()
    {
        using PreparedTree tree = new();
        foreach (var (path, text, _) in Files)
            tree.With(path, text);
        List<Exception> unforeseen = [];
        Host host = new()
        {
            Name = "web-01",
            Root = tree.Host.Root,
            SpaceAt = static path => path.Contains('\0') ? throw new ArgumentException("no path") : new(1000, 600, 550),
            Logger = new ExceptionLogger(unforeseen),
        };
        OperationExecutor execution = new(AgentHandlers.All, host);

        foreach (var (path, text, operation) in Files)
        {
            var real = Path.Join(host.Root, path);
            await Damage.Array[1, 3].SampleAsync(async damages =>
            {
                await File.WriteAllBytesAsync(real, damages.Aggregate(Encoding.UTF8.GetBytes(text), Apply));
                foreach (var asked in new[] { operation, NodeOperations.Status })
                {
                    var entry = await execution.RunAsync(asked.Id, default, check: false, CancellationToken.None);
                    Assert.True(
                        entry is { Outcome: Outcome.Ok, Result: not null } || (asked != NodeOperations.Status && entry is { Outcome: Outcome.Failed, ErrorType: ErrorType.Unavailable }),
                        $"{asked}: {entry}");
                }
            }, iter: 200, threads: 1);
            await File.WriteAllTextAsync(real, text, TestContext.Current.CancellationToken);
        }

        Assert.Empty(unforeseen);
    }

    private static byte[] Apply(byte[] text, (int At, int Cut, byte[] Put) damage)
    {
        var at = Math.Min(damage.At, text.Length);
        return [.. text[..at], .. damage.Put, .. text[Math.Min(at + damage.Cut, text.Length)..]];
    }
}
