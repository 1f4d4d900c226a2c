using System.Globalization;

namespace Osapi.Bench;

/// <summary>Runs every benchmark of the way of a job, and prints one table with the aims.</summary>
internal static class AllBenches
{
    public static async Task RunAsync(bool quick)
    {
        List<BenchRow> rows = [];
        await RoundtripAsync(rows, nats: false, quick ? 8 : 20);
        await RoundtripAsync(rows, nats: true, quick ? 8 : 20);
        await ThroughputAsync(rows, nats: false, quick, 1, 8, 64, 450);
        await ThroughputAsync(rows, nats: true, quick, 1, 8, 64, 450);
        await SpawnAsync(rows, quick ? 20 : 50);
        foreach (var size in (int[])[1, 10, 100, 1_000])
            await BroadcastAsync(rows, size, quick ? 5 : 15);
        await OutputAsync(rows, nats: false);
        await OutputAsync(rows, nats: true);
        await SoakAsync(rows, nats: false, quick ? 5_000 : 50_000);
        await SoakAsync(rows, nats: true, quick ? 5_000 : 50_000);
        BenchTable.Print(rows);
    }

    private static async Task RoundtripAsync(List<BenchRow> rows, bool nats, int rounds)
    {
        Progress($"roundtrip, {Name(nats)}");
        var (times, cpu) = await JobPath.MeasureRoundtripAsync(nats, rounds);
        rows.Add(new($"read-only job on a host, beside `GET /health`, {Name(nats)}", "us", times["hostname"], times["GET"], nats ? "-" : "5"));
        rows.Add(new($"`command.exec` of true, beside spawn and wait, {Name(nats)}", "us", times["exec"], times["spawn"], nats ? "-" : "3"));
        if (nats)
            rows.Add(new("read-only job on any host, beside a bare request over the broker", "us", times["any"], times["request"], "6"));
        rows.Add(new($"server's processor time of a read-only job, one at a time, {Name(nats)}", "us", Single(cpu), null, "-"));
    }

    private static async Task ThroughputAsync(List<BenchRow> rows, bool nats, bool quick, params int[] inFlights)
    {
        Progress($"throughput, {Name(nats)}");
        foreach (var (inFlight, bare, jobs) in await JobPath.MeasureThroughputAsync(nats, TimeSpan.FromSeconds(quick ? 1 : 3), inFlights))
            rows.Add(new(Text($"{inFlight} in flight, {Name(nats)}"), "jobs/s; `GET`/s", Single(jobs.Rate), Single(bare.Rate), AimOf(nats, inFlight)) { Figure = Text($"{jobs.Rate / bare.Rate:F2}; {jobs.Cpu / 1000:F2} ms of processor time each") });
    }

    private static async Task SpawnAsync(List<BenchRow> rows, int rounds)
    {
        Progress("spawn");
        var times = await SpawnCost.MeasureAsync(rounds);
        rows.Add(new("start and wait of a program by the agent, beside `posix_spawn`", "us", times["start"], times["bare"], "2"));
        rows.Add(new("the same with pipes, group and environment of a command", "us", times["command"], times["bare"], "-"));
    }

    private static async Task BroadcastAsync(List<BenchRow> rows, int agents, int rounds)
    {
        Progress(Text($"broadcast to {agents}"));
        var (measured, bare, lost, _, _) = await Broadcast.MeasureAsync(agents, rounds);
        rows.Add(new(Text($"broadcast to {agents} agents, beside the bare messages"), "ms", measured, bare, agents == 1_000 ? "400 ms, none lost" : "-") { Figure = Text($"{measured.Median / bare.Median:F1}; worst {measured.Worst:F0} ms, {lost} lost") });
    }

    private static async Task OutputAsync(List<BenchRow> rows, bool nats)
    {
        Progress($"output, {Name(nats)}");
        foreach (var (count, pipe, output, more) in await OutputPath.MeasureAsync(nats, 1, 10))
            rows.Add(new(Text($"{count} x 50 MB of output at once, beside a pipe, {Name(nats)}"), "s", Single(output), Single(pipe), "40 MB more in each process") { Figure = Text($"{output / pipe:F1}; MB more at most: {string.Join(", ", more.Select(each => Text($"{each.Key} {each.Value.Peak:F0}")))}") });
    }

    private static async Task SoakAsync(List<BenchRow> rows, bool nats, int jobs)
    {
        Progress($"soak, {Name(nats)}");
        var samples = await Soak.MeasureAsync(nats, jobs);
        rows.Add(new(Text($"memory after {jobs} jobs, beside that after a tenth of them, {Name(nats)}"), "MB", Single(samples[^1].Memory), Single(samples[0].Memory), "no growth") { Figure = Text($"{samples[^1].Memory / samples[0].Memory:F2}; descriptors {samples[0].Descriptors} and {samples[^1].Descriptors}") });
    }

    private static string AimOf(bool nats, int inFlight) => (nats, inFlight) switch
    {
        (false, 64) => "10,000; 0.10 ms",
        (true, 64) => "6,000",
        (true, 450) => "10,000 with 512",
        _ => "-",
    };

    private static string Name(bool nats) => nats ? "NATS" : "embedded";

    private static Spread Single(double value) => new(value, value, value, value);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Progress(string what) => Console.Error.WriteLine(what);
}
