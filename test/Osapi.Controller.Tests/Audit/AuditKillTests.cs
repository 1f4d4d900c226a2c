using System.Diagnostics;
using System.Text;
using Osapi.Controller.Tests.Embedded;
using Osapi.Hosting;

namespace Osapi.Controller.Tests.Audit;

/// <summary>Tests that nothing happens on a host without its first entry, whenever the process is killed.</summary>
public sealed class AuditKillTests : NodeTest
{
    [Fact]
    public async Task No_effect_is_without_its_first_entry_after_kills_at_random_instants()
    {
        var rounds = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 200 : 10;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("OSAPI_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        Random random = new(seed);
        var markers = Directory.CreateDirectory(Path.Combine(directory, "markers")).FullName;
        HashSet<string> seen = [];
        for (var round = 0; round < rounds; round++)
        {
            await ActUntilKilledAsync(markers, random.Next(1, 20), TimeSpan.FromMilliseconds(random.Next(50)));
            var begun = Begun();
            foreach (var job in Directory.EnumerateFiles(markers).Select(path => Path.GetFileName(path)))
            {
                seen.Add(job);
                Assert.True(begun.Contains(job), $"seed {seed}, round {round}: job {job} acted and has no first entry");
            }

            Directory.Delete(markers, recursive: true);
            Directory.CreateDirectory(markers);
        }

        var (verdict, note) = await AuditOfDirectory.VerifyAsync(State, keyFile: null, Token);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {rounds} kills, {seen.Count} effects, {verdict.Chains.Sum(chain => chain.Entries)} entries");
        Assert.Null(note);
        Assert.True(verdict.ProblemCount == 0, $"seed {seed}: {string.Join("; ", verdict.Problems)}");
        Assert.True(seen.Count >= rounds, $"seed {seed}: only {seen.Count} effects");
    }

    private HashSet<string> Begun() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(State, "audit"), "*.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadLines)
            .Where(line => line.Contains("\"kind\":\"begin\"", StringComparison.Ordinal) && line.Contains("\"job\":\"", StringComparison.Ordinal))
            .Select(line => line.Split("\"job\":\"")[1][..36]),
    ];

    private async Task ActUntilKilledAsync(string markers, int effects, TimeSpan then)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [KilledSystem.ActArgument, State, markers]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.ASCII };
        using var process = Process.Start(start)!;
        for (var i = 0; i < effects && await process.StandardOutput.ReadLineAsync(Token) is not null; i++)
        {
        }

        await Task.Delay(then, TimeProvider.System, Token);
        process.Kill();
        await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
    }
}
