using System.Diagnostics;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>What many runs leave behind: nothing. Alone, because it counts what belongs to the whole process.</summary>
[CollectionDefinition(DisableParallelization = true), Collection("Endurance")]
public sealed class EnduranceTests : IDisposable
{
    private readonly CommandRoom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Two_hundred_runs_leave_no_descriptor_no_zombie_no_thread_and_no_group()
    {
        await RunAsync(20);
        var (descriptors, threads) = (Count("/proc/self/fd"), Waiting());

        await RunAsync(200);

        Assert.InRange(Count("/proc/self/fd"), 0, descriptors + 3);
        Assert.Equal(0, Processes.Zombies());
        // A thread ends a moment after it has told of the end of its process.
        for (var start = Stopwatch.GetTimestamp(); Waiting() > threads && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10);)
            await Task.Yield();
        Assert.InRange(Waiting(), 0, threads);
        Assert.False(OwnCgroup.Directory is { } own && Directory.Exists(Path.Join(own, "osapi-" + room.Host.Mark.Value)));
    }

    private async Task RunAsync(int times)
    {
        var next = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, times), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            switch (Interlocked.Increment(ref next) % 4)
            {
                case 0: await room.ExecAsync("no-such-program"); break;
                case 1: await room.RunAsync(CommandOperations.Exec, new() { Command = "cat", Stdin = "text" }); break;
                case 2: await room.RunAsync(CommandOperations.Shell, new() { Command = "exit 1", Unless = "false" }); break;
                default: await room.ShellAsync("(exit 0) & echo done; kill -9 $$"); break;
            }
        });
    }

    private static int Count(string directory) => Directory.EnumerateFileSystemEntries(directory).Count();

    private static int Waiting() => Directory.EnumerateDirectories("/proc/self/task").Count(task => File.ReadAllText(Path.Join(task, "comm")) == "command\n");
}
