using System.Globalization;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of everything being killed while many large outputs are on their way through a broker.</summary>
public sealed class KilledOutputsTests(ITestOutputHelper output) : CliTest
{
    private const int Jobs = 20;
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";
    private static readonly int Bytes = IsFull ? 50_000_000 : 10_000_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_of_them_ends_whole_or_failed_with_what_arrived()
    {
        var seed = Environment.GetEnvironmentVariable("OSAPI_TEST_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        var tenths = new Random(seed).Next(10, 150);
        output.WriteLine($"seed {seed} (OSAPI_TEST_SEED): all are killed when {tenths} tenths of the {Jobs} outputs of {Bytes} bytes are written");
        await using var parts = await KillableParts.StartAsync(fixture);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(MaxTime);
        var written = Directory.CreateDirectory(Path.Combine(fixture.Directory, "written")).FullName;
        var ids = new List<string>();
        for (var job = 0; job < Jobs; job++)
            ids.Add(await parts.SubmitAsync($"for i in 0 1 2 3 4 5 6 7 8 9; do {Part("${i}")}; touch {written}/{job}-$i; done"));
        await WrittenAsync(written, tenths, timeout.Token);

        foreach (var program in (RunningProgram[])[parts.Agent, parts.Broker, parts.Controller.Program])
            program.Signal(RunningProgram.Kill);
        await Task.WhenAll(parts.Agent.EndAsync(), parts.Broker.EndAsync(), parts.Controller.Program.EndAsync());
        await parts.StartBrokerAsync();
        await parts.StartControllerAsync();
        await parts.StartAgentAsync();

        var expected = await ExpectedAsync();
        Dictionary<string, int> counts = [];
        foreach (var id in ids)
        {
            var outcome = await EndAsync(parts, id);
            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
            if (outcome is "expired")
                continue;
            var bytes = await parts.OutputAsync(id);
            if (outcome == "ok")
                Assert.Equal(Bytes, bytes.Length);
            else
                Assert.Equal("unknown", outcome);
            Assert.True(expected.AsSpan().StartsWith(bytes), $"job {id} has {bytes.Length} bytes that its command did not write");
        }

        output.WriteLine(string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}")));
        Assert.Equal(Jobs, counts.Values.Sum());
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Directory, "agent", "output")));
    }

    // The watcher is there before the files are counted, so that none is missed.
    private static async Task WrittenAsync(string directory, int files, CancellationToken cancellationToken)
    {
        using SemaphoreSlim created = new(0);
        using FileSystemWatcher watcher = new(directory) { EnableRaisingEvents = true };
        watcher.Created += (_, _) => created.Release();
        while (Directory.GetFiles(directory).Length < files)
            await created.WaitAsync(cancellationToken);
    }

    private static string Part(string number) => $"seq {number}000000 100000000 | head -c {Bytes / 10}";

    private static async Task<string> EndAsync(KillableParts parts, string id)
    {
        await parts.EndAsync(id);
        using var job = await parts.JobAsync(id);
        return job.RootElement.GetProperty("responses").GetProperty("web-01").GetProperty("outcome").GetString()!;
    }

    private async Task<byte[]> ExpectedAsync()
    {
        var path = Path.Combine(fixture.Directory, "expected");
        (await fixture.RunProgramAsync("/bin/sh", "-c", $"for i in 0 1 2 3 4 5 6 7 8 9; do {Part("${i}")}; done > {path}")).With(0);
        return await File.ReadAllBytesAsync(path, Token);
    }
}
