using System.Diagnostics;
using System.Globalization;
using Osapi.Operations;

namespace Osapi.Bench;

/// <summary>
/// Measures fleets of different sizes: one controller and one broker with 1, 10, 100 and 1,000 agents. A no-op broadcast is compared
/// with a bare request and its reply over the same broker in the same run.
/// </summary>
internal static class FleetGrowth
{
    private const int Rounds = 9;
    private const int BareRounds = 500;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(params IEnumerable<int> sizes)
    {
        Console.WriteLine("one controller, one broker; broadcast of node.hostname.get to all, median and worst of 9; idle over 10 s");
        Console.WriteLine("agents | ready s | broadcast ms  worst  us/agent | any ms  bare ms  ratio | broker idle %  MB | process MB  consumers");
        foreach (var size in sizes)
            await MeasureAsync(size);
    }

    private static async Task MeasureAsync(int agents)
    {
        await using var broker = await Broker.StartAsync();
        var start = Stopwatch.GetTimestamp();
        await using var fleet = await SimulatedFleet.StartAsync(broker.Url, agents);
        await UntilAllAnswerAsync(fleet, agents);
        var ready = Stopwatch.GetElapsedTime(start);

        var before = Usage.Of(broker.ProcessId);
        await Task.Delay(Idle, TimeProvider.System);
        var idle = (Usage.Of(broker.ProcessId).Cpu - before.Cpu) / Idle;

        var all = await Timing.OfAsync(Rounds, () => BroadcastAsync(fleet, agents));
        var any = await Timing.OfAsync(BareRounds / 5, () => fleet.Client.Node.HostnameAsync("_any"));
        var bare = await BareAsync(broker.Url);
        var median = Median(all);
        var consumers = await broker.ConsumersAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{agents,6} | {ready.TotalSeconds,7:F1} | {median,12:F1} {all.Max(),6:F1} {median * 1000 / agents,9:F0} | {Median(any),6:F2} {bare,8:F3} {Median(any) / bare,6:F1} | {idle * 100,13:F1} {Megabytes(broker.ProcessId),3} | {Megabytes(Environment.ProcessId),10} {consumers,10}"));
    }

    // An agent registers before it reads its first command.
    private static async Task UntilAllAnswerAsync(SimulatedFleet fleet, int agents)
    {
        while ((await fleet.Client.Node.HostnameAsync("_all")).Hosts.Count(host => host.Outcome == Outcome.Ok) < agents)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
    }

    private static async Task BroadcastAsync(SimulatedFleet fleet, int agents)
    {
        var answer = await fleet.Client.Node.HostnameAsync("_all");
        var answered = answer.Hosts.Count(host => host.Outcome == Outcome.Ok);
        if (answered != agents)
            throw new InvalidOperationException($"{answered} of {agents} agents answered");
    }

    private static async Task<double> BareAsync(string url)
    {
        await using var bare = await BareRequest.StartAsync(url);
        return Median(await Timing.OfAsync(BareRounds, bare.SendAsync));
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static long Megabytes(int processId) => Usage.Of(processId).Memory / (1024 * 1024);
}
