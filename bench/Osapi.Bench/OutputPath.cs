using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Osapi.Bench;

/// <summary>
/// Measures the way of 50 MB of output through agent, store and controller to a caller: the time beside that of a bare pipe, and the
/// memory that each process needs in addition.
/// </summary>
internal static class OutputPath
{
    private const int Bytes = 50_000_000;
    private const string Command = "seq 1 100000000 | head -c 50000000";
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(3);

    /// <summary>Runs one command, then ten at once.</summary>
    public static async Task RunAsync(bool nats)
    {
        Console.WriteLine("transport  at once | pipe s  output s  ratio | MB more at most, and after");
        foreach (var (count, pipe, output, more) in await MeasureAsync(nats, 1, 10))
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(nats ? "nats" : "embedded"),-9} {count,8} | {pipe,6:F2} {output,9:F2} {output / pipe,6:F1} | {string.Join("; ", more.Select(each => $"{each.Key} {each.Value.Peak:F0}, {each.Value.After:F0}"))}"));
    }

    /// <summary>Measures the seconds of a pipe and of a command's output, and the megabytes that each process had more at most, and after it.</summary>
    public static async Task<IReadOnlyList<(int Count, double Pipe, double Output, IReadOnlyDictionary<string, (double Peak, double After)> More)>> MeasureAsync(bool nats, params IEnumerable<int> counts)
    {
        var directory = Directory.CreateTempSubdirectory("osapi-bench-agent-");
        await using var broker = nats ? await Broker.StartAsync() : null;
        await using var system = nats ? await LocalProcess.StartControllerAsync(broker!.Url) : await LocalProcess.StartAsync();
        using var agent = nats ? LocalProcess.StartAgent(broker!.Url, directory.FullName) : null;
        try
        {
            Dictionary<string, int> processes = nats
                ? new() { ["agent"] = agent!.Id, ["broker"] = broker!.ProcessId, ["controller"] = system.ProcessId }
                : new() { ["start"] = system.ProcessId };
            await ReadyAsync(system);
            List<(int, double, double, IReadOnlyDictionary<string, (double, double)>)> measured = [];
            foreach (var count in counts)
            {
                var pipe = await TimeAsync(count, PipeAsync);
                var before = processes.ToDictionary(process => process.Key, process => Memory(process.Value, "VmRSS"));
                foreach (var id in processes.Values)
                    ResetPeak(id);
                var output = await TimeAsync(count, () => CallAsync(system));
                var peaks = processes.ToDictionary(process => process.Key, process => Memory(process.Value, "VmHWM"));
                await Task.Delay(SettleTime, TimeProvider.System);
                measured.Add((count, pipe, output, processes.ToDictionary(process => process.Key, process => (peaks[process.Key] - before[process.Key], Memory(process.Value, "VmRSS") - before[process.Key]))));
            }

            return measured;
        }
        finally
        {
            agent?.Kill();
            await (agent?.WaitForExitAsync() ?? Task.CompletedTask);
            directory.Delete(recursive: true);
        }
    }

    private static async Task<double> TimeAsync(int count, Func<Task> act)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => act()));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task PipeAsync()
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Command]) { RedirectStandardOutput = true })!;
        if (await DrainAsync(shell.StandardOutput.BaseStream) != Bytes)
            throw new InvalidOperationException("the pipe did not have everything");
        await shell.WaitForExitAsync();
    }

    private static async Task CallAsync(LocalProcess system)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/node/{LocalProcess.Host}/command/shell")
        {
            Content = new StringContent($$"""{"command":"{{Command}}","timeout":300}""", new MediaTypeHeaderValue("application/json")),
        };
        using var response = await system.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var content = await response.Content.ReadAsStreamAsync();
        if (await DrainAsync(content) < Bytes)
            throw new InvalidOperationException("the response did not have everything");
    }

    private static async Task<long> DrainAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        long all = 0;
        while (await stream.ReadAsync(buffer) is > 0 and var count)
            all += count;
        return all;
    }

    // The agent registers some time after it was started; one call warms everything.
    private static async Task ReadyAsync(LocalProcess system)
    {
        while (true)
            try
            {
                await CallAsync(system);
                await Task.Delay(SettleTime, TimeProvider.System);
                return;
            }
            catch (Exception failure) when (failure is HttpRequestException or InvalidOperationException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
    }

    // MB, from proc_pid_status(5).
    private static double Memory(int processId, string name) =>
        long.Parse(File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;

    // proc_pid_clear_refs(5): the peak becomes the present size.
    private static void ResetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");
}
