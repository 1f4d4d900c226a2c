using System.Text;
using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Memory;

/// <summary>Tests of the memory that commands with large output take in the processes involved.</summary>
public sealed class LargeOutputMemoryTests(ITestOutputHelper output) : CliTest
{
    private const int Calls = 16;
    private const long MostResident = 300_000_000;
    private const double MostGrowth = 1.3;

    // 23 MB of text.
    private const string Much = "seq 1 3000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public override ValueTask InitializeAsync()
    {
        ResidentMemory.NeedsPublished();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Sixteen_of_them_cost_agent_and_controller_no_more_than_two()
    {
        var system = await SplitSystem.StartAsync(fixture);

        await MeasureAsync(system.Controller, system.Agent, system.Controller.Program);
    }

    [Fact]
    public async Task Sixteen_of_them_cost_a_system_of_one_process_no_more_than_two()
    {
        var system = await fixture.StartSystemAsync("--hostname", "web-01");

        await MeasureAsync(system, system.Program);
    }

    /// <summary>Tests that bytes that are not text become six times as many in JSON.</summary>
    [Fact]
    public async Task With_little_memory_every_one_ends()
    {
        fixture.Environment["DOTNET_GCHeapHardLimit"] = "20000000";
        var system = await SplitSystem.StartAsync(fixture);
        using var http = system.Controller.Http(await fixture.TokenAsync("admin"));

        foreach (var command in (string[])[Much, "head -c 67108864 /dev/urandom", Much])
            output.WriteLine($"{command}: {await RunAsync(http, command)} bytes, agent {Megabytes(system.Agent)} MB, controller {Megabytes(system.Controller.Program)} MB");

        using var list = JsonDocument.Parse(await http.GetStringAsync(new Uri("job", UriKind.Relative), Token));
        Assert.All(list.RootElement.GetProperty("items").EnumerateArray(), job => Assert.Contains(job.GetProperty("status").GetString(), new[] { "completed", "failed" }));
    }

    private static long Megabytes(RunningProgram program) => ResidentMemory.Of(program) / 1_000_000;

    private static async Task<long> RunAsync(HttpClient http, string command)
    {
        using StringContent body = new($$"""{"command":"{{command}}"}""", Encoding.UTF8, "application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("node/web-01/command/shell", UriKind.Relative)) { Content = body };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        await using var content = await answer.Content.ReadAsStreamAsync(Token);
        var buffer = new byte[64 * 1024];
        long size = 0;
        while (await content.ReadAsync(buffer, Token) is > 0 and var count)
            size += count;
        return size;
    }

    private async Task MeasureAsync(RunningSystem system, params RunningProgram[] programs)
    {
        using var http = system.Http(await fixture.TokenAsync("admin"));
        var second = new long[programs.Length];
        for (var call = 1; call <= Calls; call++)
        {
            Assert.InRange(await RunAsync(http, Much), 22_000_000, 40_000_000);
            output.WriteLine($"{call}: {string.Join(" and ", programs.Select(program => $"{Megabytes(program)} MB"))}");
            if (call == 2)
                second = await Task.WhenAll(programs.Select(ResidentMemory.SettledAsync));
        }

        foreach (var (program, early) in programs.Zip(second))
        {
            var late = await ResidentMemory.SettledAsync(program);
            output.WriteLine($"after the second {early / 1_000_000} MB, after the last {late / 1_000_000} MB");
            Assert.InRange(late, 0, MostResident);
            Assert.InRange(late, 0, (long)(early * MostGrowth));
        }
    }
}
