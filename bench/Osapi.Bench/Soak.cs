using System.Globalization;

namespace Osapi.Bench;

/// <summary>Runs many jobs on the published executable, and compares its memory and descriptors at the first tenth and at the end.</summary>
internal static class Soak
{
    private const int Parts = 10;
    private const int InFlight = 32;
    private const string Hostname = $"/node/{LocalProcess.Host}/hostname";
    private const string Exec = $"/node/{LocalProcess.Host}/command/exec";

    // One in so many jobs is a command.
    private const int CommandEvery = 10;

    public static async Task RunAsync(bool nats, int jobs)
    {
        var samples = await MeasureAsync(nats, jobs);
        Console.WriteLine("transport    jobs | memory MB at each tenth | descriptors at each tenth");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(nats ? "nats" : "embedded"),-9} {jobs,7} | {string.Join(' ', samples.Select(sample => sample.Memory.ToString("F0", CultureInfo.InvariantCulture)))} | {string.Join(' ', samples.Select(sample => sample.Descriptors))}"));
    }

    /// <summary>Returns the memory in MB and the number of open descriptors after each tenth of the jobs.</summary>
    public static async Task<IReadOnlyList<(double Memory, int Descriptors)>> MeasureAsync(bool nats, int jobs)
    {
        await using var broker = nats ? await Broker.StartAsync() : null;
        await using var system = await LocalProcess.StartAsync(broker?.Url);
        List<(double, int)> samples = [];
        for (var part = 0; part < Parts; part++)
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, jobs / Parts), new ParallelOptions { MaxDegreeOfParallelism = InFlight },
                async (number, _) => await (number % CommandEvery == 0
                    ? system.SendAsync(HttpMethod.Post, Exec, """{"command":"/bin/true"}""")
                    : system.SendAsync(HttpMethod.Get, Hostname)));
            samples.Add((Usage.Of(system.ProcessId).Memory / 1e6, Directory.GetFileSystemEntries($"/proc/{system.ProcessId}/fd").Length));
        }

        return samples;
    }
}
