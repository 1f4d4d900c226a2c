using System.Diagnostics;
using System.Globalization;

namespace Osapi.Bench;

/// <summary>
/// Measures a job's way through the published executable: one after the other beside a bare request to the same server and a bare spawn
/// of the same program, and many in flight.
/// </summary>
internal static class JobPath
{
    private const int Rounds = 20;
    private const int Turn = 25;
    private const string Hostname = $"/node/{LocalProcess.Host}/hostname";
    private const string Exec = $"/node/{LocalProcess.Host}/command/exec";
    private const string True = """{"command":"/bin/true"}""";
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    /// <summary>Runs jobs one after the other, in turns with what they are compared with.</summary>
    public static async Task RoundtripAsync(bool nats)
    {
        await using var broker = nats ? await Broker.StartAsync() : null;
        await using var system = await LocalProcess.StartAsync(broker?.Url);
        Dictionary<string, (Func<Task> Act, List<double> Times)> acts = new()
        {
            ["GET"] = (() => system.SendAsync(HttpMethod.Get, "/health"), []),
            ["hostname"] = (() => system.SendAsync(HttpMethod.Get, Hostname), []),
            ["spawn"] = (() => BareSpawn.RunAsync("/bin/true"), []),
            ["exec"] = (() => system.SendAsync(HttpMethod.Post, Exec, True), []),
            ["any"] = (() => system.SendAsync(HttpMethod.Get, "/node/_any/hostname"), []),
        };
        for (var round = -Rounds / 4; round < Rounds; round++)
            foreach (var (act, times) in acts.Values)
                for (var turn = 0; turn < Turn; turn++)
                {
                    var start = Stopwatch.GetTimestamp();
                    await act();
                    if (round >= 0)
                        times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                }

        var cpu = await CpuAsync(system, Rounds * Turn, () => system.SendAsync(HttpMethod.Get, Hostname));
        Console.WriteLine("transport | GET us | hostname us  ratio  cpu us | any us  ratio | spawn us  exec us  ratio");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(nats ? "nats" : "embedded"),-9} | {Median("GET"),6:F0} | {Median("hostname"),11:F0} {Median("hostname") / Median("GET"),6:F1} {cpu,7:F0} | {Median("any"),6:F0} {Median("any") / Median("GET"),6:F1} | {Median("spawn"),8:F0} {Median("exec"),8:F0} {Median("exec") / Median("spawn"),6:F1}"));

        double Median(string name) => acts[name].Times.Order().ElementAt(Rounds * Turn / 2);
    }

    /// <summary>Keeps a number of jobs in flight for some seconds.</summary>
    public static async Task ThroughputAsync(bool nats)
    {
        await using var broker = nats ? await Broker.StartAsync() : null;
        await using var system = await LocalProcess.StartAsync(broker?.Url);
        Console.WriteLine("transport  in flight | GET/s  cpu us | jobs/s  cpu us  of GET/s");
        foreach (var inFlight in (int[])[1, 8, 64, 450])
        {
            await LoadAsync(system, inFlight, Hostname);
            var bare = await LoadAsync(system, inFlight, "/health");
            var jobs = await LoadAsync(system, inFlight, Hostname);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(nats ? "nats" : "embedded"),-9} {inFlight,10} | {bare.Rate,5:F0} {bare.Cpu,7:F0} | {jobs.Rate,6:F0} {jobs.Cpu,7:F0} {jobs.Rate / bare.Rate,9:F2}"));
        }
    }

    private static async Task<(double Rate, double Cpu)> LoadAsync(LocalProcess system, int inFlight, string path)
    {
        var (before, start, count) = (Usage.Of(system.ProcessId).Cpu, Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < Window)
            {
                await system.SendAsync(HttpMethod.Get, path);
                Interlocked.Increment(ref count);
            }
        }));
        return (count / Stopwatch.GetElapsedTime(start).TotalSeconds, (Usage.Of(system.ProcessId).Cpu - before).TotalMicroseconds / count);
    }

    private static async Task<double> CpuAsync(LocalProcess system, int count, Func<Task> act)
    {
        var before = Usage.Of(system.ProcessId).Cpu;
        for (var round = 0; round < count; round++)
            await act();
        return (Usage.Of(system.ProcessId).Cpu - before).TotalMicroseconds / count;
    }
}
