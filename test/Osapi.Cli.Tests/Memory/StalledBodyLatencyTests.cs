using System.Diagnostics;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Memory;

/// <summary>Tests of the time that large unfinished request bodies cost other callers.</summary>
/// <remarks>
/// A second system without the bodies is asked in turn with the first one, so that whatever else the machine does slows down both. What the first
/// one did to the whole machine, it would have to do with its processor time, which is measured as well.
/// </remarks>
public sealed class StalledBodyLatencyTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Calls = 200;
    private const double MostTimesNormal = 2;

    // The kernel counts processor time in hundredths of a second; one may be counted too few before, and one too many after.
    private static readonly TimeSpan ProcessorTick = TimeSpan.FromMilliseconds(10);
    private static readonly Uri Call = new("node/web-01/hostname", UriKind.Relative);

    private readonly CliFixture stalled = new();
    private readonly CliFixture calm = new();
    private readonly StalledBodies bodies = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        bodies.Dispose();
        await stalled.DisposeAsync();
        await calm.DisposeAsync();
    }

    [Theory]
    [InlineData("read", "/node/web-01/network/ping")]
    [InlineData("write", "/node/web-01/file/deploy")]
    public async Task Sixty_of_them_one_byte_short_do_not_double_the_latency_of_other_callers(string role, string path)
    {
        // They stay for as long as it takes to measure.
        stalled.Environment["OSAPI_CONTROLLER_LIMITS_BODY_TIMEOUT"] = "1h";
        var system = await stalled.StartSystemAsync("--hostname", "web-01");
        var twin = await calm.StartSystemAsync("--hostname", "web-01");
        using var caller = system.Http(await stalled.TokenAsync("read"));
        using var twinCaller = twin.Http(await calm.TokenAsync("read"));
        await MeasureAsync(system, caller, twinCaller);
        var before = await MeasureAsync(system, caller, twinCaller);

        await bodies.SendAsync(system, await stalled.TokenAsync(role), path);
        var during = await MeasureAsync(system, caller, twinCaller);

        output.WriteLine($"{role}, before: {before}");
        output.WriteLine($"{role}, during: {during}");
        Console.WriteLine($"stalled bodies, {role}: {before} before; {during} during");
        Assert.InRange(during.Latency, TimeSpan.Zero, MostTimesNormal * during.Normal);
        Assert.InRange(during.Processor, TimeSpan.Zero, (MostTimesNormal * before.Processor) + (2 * ProcessorTick));
    }

    private static async Task<Figures> MeasureAsync(RunningSystem system, HttpClient caller, HttpClient twinCaller)
    {
        using var process = Process.GetProcessById(system.Program.Id);
        var used = process.TotalProcessorTime;
        List<TimeSpan> times = [], normal = [];
        for (var i = 0; i < Calls; i++)
        {
            times.Add(await TimeAsync(caller));
            normal.Add(await TimeAsync(twinCaller));
        }

        process.Refresh();
        return new(Median(times), Median(normal), process.TotalProcessorTime - used);
    }

    private static async Task<TimeSpan> TimeAsync(HttpClient caller)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await caller.GetAsync(Call, Token);
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(began);
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>The medians of the calls to both, and the processor time that the first one used meanwhile.</summary>
    private sealed record Figures(TimeSpan Latency, TimeSpan Normal, TimeSpan Processor)
    {
        public override string ToString() => $"{Latency.TotalMilliseconds:0.0} ms, the twin {Normal.TotalMilliseconds:0.0} ms ({Latency / Normal:0.00} times), {Processor.TotalMilliseconds:0} ms of processor time";
    }
}
