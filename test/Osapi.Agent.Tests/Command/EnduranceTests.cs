using System.Diagnostics;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>Tests that many runs leave nothing behind. Run alone, because it counts resources of the whole process.</summary>
[CollectionDefinition(nameof(EnduranceTests), DisableParallelization = true), Collection(nameof(EnduranceTests))]
public sealed class EnduranceTests : IDisposable
{
    private readonly CommandFixture fixture = new();
    private readonly IReadOnlyList<string> before = Descriptors();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Two_hundred_runs_leave_no_descriptor_no_zombie_no_thread_and_no_group()
    {
        await RunAsync(20);

        await RunAsync(200);

        Assert.Empty(Processes.Zombies());
        Assert.False(AgentCgroup.Directory is { } own && Directory.Exists(Path.Join(own, "osapi-" + fixture.Host.Marker.Value)));
        // A moment later a thread ends, and the framework closes a pipe that was being read.
        for (var start = Stopwatch.GetTimestamp(); Held().Count > 0 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10);)
            await Task.Yield();
        Assert.Empty(Held());
    }

    private async Task RunAsync(int times)
    {
        var next = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, times), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            switch (Interlocked.Increment(ref next) % 4)
            {
                case 0: await fixture.ExecAsync("no-such-program"); break;
                case 1: await fixture.RunAsync(CommandOperations.Exec, new() { Command = "cat", Stdin = "text" }); break;
                case 2: await fixture.RunAsync(CommandOperations.Shell, new() { Command = "exit 1", Unless = "false" }); break;
                default: await fixture.ShellAsync("(exit 0) & echo done; kill -9 $$"); break;
            }
        });
    }

    // The threads that start and await processes, and the descriptors of pipes and groups that this process did not have before.
    private List<string> Held() =>
    [
        .. Read("/proc/self/task", task => File.ReadAllText(Path.Join(task, "comm"))).Where(name => name == "command\n"),
        .. Descriptors().Except(before),
    ];

    private static List<string> Descriptors() =>
        [.. Read("/proc/self/fd", descriptor => File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name ?? "").Where(name => name.StartsWith("pipe:", StringComparison.Ordinal) || name.StartsWith("osapi-", StringComparison.Ordinal))];

    private static IEnumerable<string> Read(string directory, Func<string, string> read)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(directory))
        {
            string text;
            try
            {
                text = read(entry);
            }
            catch (IOException)
            {
                // Gone by now.
                continue;
            }

            yield return text;
        }
    }
}
