using System.Globalization;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Bench;

/// <summary>
/// Measures a broadcast over REST that all agents of a simulated fleet answer, beside the bare messages of it over the same broker. Broker, controller
/// and all agents share this machine.
/// </summary>
internal static class Broadcast
{
    // Until all agents have heard a command live, and the code is compiled.
    private const int WarmUps = 4;

    public static async Task RunAsync(int rounds, params IEnumerable<int> sizes)
    {
        Console.WriteLine("agents | bare ms  worst | broadcast ms  worst  lost | ratio | cpu ms of a broadcast: broker, controller and agents");
        foreach (var size in sizes)
        {
            var (measured, bare, lost, broker, own) = await MeasureAsync(size, rounds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{size,6} | {bare.Median,7:F1} {bare.Worst,6:F1} | {measured.Median,12:F1} {measured.Worst,6:F1} {lost,5} | {measured.Median / bare.Median,5:F1} | {broker,7:F0} {own,7:F0}"));
        }
    }

    /// <summary>Measures a fleet. Times are in milliseconds; lost are the agents that did not answer, of all rounds.</summary>
    public static async Task<(Spread Measured, Spread Bare, int Lost, double BrokerCpu, double OwnCpu)> MeasureAsync(int agents, int rounds)
    {
        Spread bare;
        await using (var broker = await Broker.StartAsync())
        await using (var fan = await BareFanOut.StartAsync(broker.Url, agents))
        {
            await fan.BroadcastAsync();
            bare = Spread.Of(await Timing.OfAsync(rounds, fan.BroadcastAsync));
        }

        await using var server = await Broker.StartAsync();
        await using var fleet = await SimulatedFleet.StartAsync(server.Url, agents);
        while (await AnsweredAsync(fleet) < agents)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        for (var i = 0; i < WarmUps; i++)
            await AnsweredAsync(fleet);
        var lost = 0;
        var (brokerCpu, ownCpu) = (Usage.Of(server.ProcessId).Cpu, Usage.Of(Environment.ProcessId).Cpu);
        var measured = Spread.Of(await Timing.OfAsync(rounds, async () => lost += agents - await AnsweredAsync(fleet)));
        return (measured, bare, lost, (Usage.Of(server.ProcessId).Cpu - brokerCpu).TotalMilliseconds / rounds, (Usage.Of(Environment.ProcessId).Cpu - ownCpu).TotalMilliseconds / rounds);
    }

    // A call that fails has lost all of its agents.
    private static async Task<int> AnsweredAsync(SimulatedFleet fleet)
    {
        try
        {
            return (await fleet.Client.Node.HostnameAsync("_all")).Hosts.Count(host => host.Outcome == Outcome.Ok);
        }
        catch (OsapiException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 0;
        }
    }
}
