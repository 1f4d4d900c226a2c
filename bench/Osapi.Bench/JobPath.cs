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

    /// <summary>The time of each number of jobs in flight.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    /// <summary>Runs jobs one after the other, in turns with what they are compared with.</summary>
    public static async Task RoundtripAsync(bool nats)
    {
        var (times, cpu) = await MeasureRoundtripAsync(nats, Rounds);
        Console.WriteLine("transport | GET us | hostname us  ratio  cpu us | any us  ratio | spawn us  exec us  ratio");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(nats ? "nats" : "embedded"),-9} | {Median("GET"),6:F0} | {Median("hostname"),11:F0} {Median("hostname") / Median("GET"),6:F1} {cpu,7:F0} | {Median("any"),6:F0} {Median("any") / Median("GET"),6:F1} | {Median("spawn"),8:F0} {Median("exec"),8:F0} {Median("exec") / Median("spawn"),6:F1}"));

        double Median(string name) => times[name].Median;
    }

    /// <summary>Measures the jobs and their counterparts, in microseconds, and the server's processor time of a read-only job.</summary>
    public static async Task<(IReadOnlyDictionary<string, Spread> Times, double Cpu)> MeasureRoundtripAsync(bool nats, int rounds)
    {
        await using var broker = nats ? await Broker.StartAsync() : null;
        await using var bare = broker is null ? null : await BareRequest.StartAsync(broker.Url);
        await using var system = await LocalProcess.StartAsync(broker?.Url);
        Dictionary<string, Func<Task>> acts = new()
        {
            ["GET"] = () => system.SendAsync(HttpMethod.Get, "/health"),
            ["hostname"] = () => system.SendAsync(HttpMethod.Get, Hostname),
            ["spawn"] = () => BareSpawn.RunAsync("/bin/true"),
            ["exec"] = () => system.SendAsync(HttpMethod.Post, Exec, True),
            ["any"] = () => system.SendAsync(HttpMethod.Get, "/node/_any/hostname"),
        };
        if (bare is not null)
            acts["request"] = bare.SendAsync;
        var times = await Timing.InTurnsAsync(rounds, Turn, acts);
        var cpu = await CpuAsync(system, rounds * Turn, () => system.SendAsync(HttpMethod.Get, Hostname));
        return (times, cpu);
    }

    /// <summary>Keeps a number of jobs in flight for some seconds.</summary>
    public static async Task ThroughputAsync(bool nats, TimeSpan window, params IReadOnlyList<int> levels)
    {
        Console.WriteLine("transport  in flight | GET/s  cpu us | jobs/s  cpu us  of GET/s");
        foreach (var (inFlight, bare, jobs) in await MeasureThroughputAsync(nats, window, levels))
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(nats ? "nats" : "embedded"),-9} {inFlight,10} | {bare.Rate,5:F0} {bare.Cpu,7:F0} | {jobs.Rate,6:F0} {jobs.Cpu,7:F0} {jobs.Rate / bare.Rate,9:F2}"));
    }

    /// <summary>Measures requests and jobs in flight: how many in a second, and the server's processor time of each in microseconds.</summary>
    public static async Task<IReadOnlyList<(int InFlight, (double Rate, double Cpu) Bare, (double Rate, double Cpu) Jobs)>> MeasureThroughputAsync(bool nats, TimeSpan window, params IEnumerable<int> inFlights)
    {
        await using var broker = nats ? await Broker.StartAsync() : null;
        await using var system = await LocalProcess.StartAsync(broker?.Url);
        List<(int, (double, double), (double, double))> measured = [];
        foreach (var inFlight in inFlights)
        {
            await LoadAsync(system, inFlight, Hostname, window);
            measured.Add((inFlight, await LoadAsync(system, inFlight, "/health", window), await LoadAsync(system, inFlight, Hostname, window)));
        }

        return measured;
    }

    private static async Task<(double Rate, double Cpu)> LoadAsync(LocalProcess system, int inFlight, string path, TimeSpan window)
    {
        var (before, start, count) = (Usage.Of(system.ProcessId).Cpu, Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < window)
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
