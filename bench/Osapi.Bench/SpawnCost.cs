using System.Globalization;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;

namespace Osapi.Bench;

/// <summary>Measures how an agent starts a program and waits for its end, beside the C library's own calls.</summary>
internal static class SpawnCost
{
    private const string Program = "/bin/true";
    private const int Turn = 10;

    public static async Task RunAsync(int rounds)
    {
        var times = await MeasureAsync(rounds);
        Console.WriteLine("posix_spawn and waitpid us | start and wait us  ratio | with pipes, group and environment of a command us  ratio");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{times["bare"].Median,26:F0} | {times["start"].Median,17:F0} {times["start"].Median / times["bare"].Median,6:F2} | {times["command"].Median,50:F0} {times["command"].Median / times["bare"].Median,6:F2}"));
    }

    /// <summary>Starts the program in turns: bare, by the agent's starter, and as a command is run. Times are in microseconds.</summary>
    public static async Task<IReadOnlyDictionary<string, Spread>> MeasureAsync(int rounds)
    {
        Host host = new() { Name = "bench" };
        ProcessRequest request = new(Program, []);
        Dictionary<string, Func<Task>> acts = new()
        {
            ["bare"] = () => BareSpawn.RunAsync(Program),
            ["start"] = () => StartAsync(request),
            ["command"] = () => host.RunAsync(request, CancellationToken.None),
        };
        return await Timing.InTurnsAsync(rounds, Turn, acts);
    }

    private static async Task StartAsync(ProcessRequest request)
    {
        using var process = await ChildProcess.StartAsync(request, new Dictionary<string, string>(), cgroup: null, TimeProvider.System, CancellationToken.None);
        if ((await process.Exited).Code != 0)
            throw new InvalidOperationException($"{Program} did not run");
    }
}
