using Osapi.Controller.Audit;
using Osapi.Operations.Audit;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Audit;

/// <summary>Tests of the verification, on the files that a real controller has left and its log.</summary>
public sealed class AuditVerifyTests() : ControllerTest(new ControllerSetup { Options = options => options with { MaxAuditBytes = 1 << 20 } })
{
    private string Audit => Path.Combine(fixture.Directory, "audit");

    [Fact]
    public async Task Every_single_mutation_is_found()
    {
        var count = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 1000 : 200;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("OSAPI_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        Random random = new(seed);
        await WriteAsync(500);
        await fixture.StopAsync();
        var store = await EmbeddedTransport.OpenAsync(new() { Directory = fixture.Directory, TimeProvider = fixture.Time }, fixture.TestTimeout);
        fixture.ExtendTimeout(TimeSpan.FromMinutes(5));
        try
        {
            Assert.True(Directory.EnumerateFiles(Audit, "*.jsonl", SearchOption.AllDirectories).Count() > 2);
            Assert.Empty((await VerifyAsync(fixture.Directory, store)).Problems);
            List<string> missed = [];
            var found = 0;
            while (found + missed.Count < count)
            {
                var copy = Copy();
                if (AuditMutation.Apply(Path.Combine(copy, "audit"), random) is { } what)
                {
                    if ((await VerifyAsync(copy, store)).ProblemCount > 0)
                        found++;
                    else
                        missed.Add(what);
                }

                Directory.Delete(copy, recursive: true);
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {found} of {count} mutations were found");
            Assert.True(missed.Count == 0, $"seed {seed}: not found: {string.Join("; ", missed)}");
        }
        finally
        {
            await store.DisposeAsync();
            await fixture.StartAsync();
        }
    }

    [Fact]
    public async Task A_controller_verifies_itself_while_it_runs_and_finds_a_cut_tail_at_once()
    {
        await WriteAsync(10);
        var verdict = (await fixture.GetAsync("/audit/verify")).Assert2xx().Json;
        Assert.Equal(0, verdict.GetProperty("problem_count").GetInt32());

        var file = Directory.EnumerateFiles(Audit, "*.jsonl", SearchOption.AllDirectories).Single();
        var lines = await File.ReadAllLinesAsync(file, fixture.TestTimeout);
        var cut = lines.TakeLast(2).Sum(line => line.Length + 1);
        await using (FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            stream.SetLength(stream.Length - cut);

        verdict = (await fixture.GetAsync("/audit/verify")).Assert2xx().Json;
        Assert.True(verdict.GetProperty("problem_count").GetInt32() > 0, verdict.GetRawText());
    }

    [Fact]
    public async Task A_tail_that_is_cut_while_it_is_stopped_is_said_in_the_chain_from_then_on()
    {
        await WriteAsync(10);
        await fixture.StopAsync();
        var file = Directory.EnumerateFiles(Audit, "*.jsonl", SearchOption.AllDirectories).Single();
        var lines = await File.ReadAllLinesAsync(file, fixture.TestTimeout);
        await File.WriteAllTextAsync(file, string.Join('\n', lines.SkipLast(3)) + "\n", fixture.TestTimeout);

        await fixture.StartAsync();

        Assert.Contains(fixture.Logs.Lines, line => line.Contains("entries were removed from the files", StringComparison.Ordinal));
        var missing = (await fixture.GetAsync("/audit?kind=missing")).Assert2xx().Json.GetProperty("items");
        Assert.Equal(3, Assert.Single(missing.EnumerateArray()).GetProperty("count").GetInt32());
        var verdict = (await fixture.GetAsync("/audit/verify")).Assert2xx().Json;
        var problem = Assert.Single(verdict.GetProperty("problems").EnumerateArray());
        Assert.Equal(("missing", lines.Length - 2), (problem.GetProperty("problem").GetString(), problem.GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task A_torn_last_line_is_removed_and_the_chain_says_so()
    {
        await WriteAsync(10);
        await fixture.StopAsync();
        var file = Directory.EnumerateFiles(Audit, "*.jsonl", SearchOption.AllDirectories).Single();
        await File.AppendAllTextAsync(file, "{\"n\":99,\"prev\":\"torn", fixture.TestTimeout);

        await fixture.StartAsync();

        Assert.Single((await fixture.GetAsync("/audit?kind=healed")).Assert2xx().Json.GetProperty("items").EnumerateArray());
        Assert.Equal(0, (await fixture.GetAsync("/audit/verify")).Assert2xx().Json.GetProperty("problem_count").GetInt32());
    }

    [Fact]
    public async Task A_chain_whose_files_were_removed_is_missed()
    {
        await WriteAsync(10);
        await fixture.StopAsync();
        Directory.Delete(Audit, recursive: true);

        await fixture.StartAsync();

        var problem = Assert.Single((await fixture.GetAsync("/audit/verify")).Assert2xx().Json.GetProperty("problems").EnumerateArray());
        Assert.Equal("file", problem.GetProperty("problem").GetString());
    }

    [Fact]
    public async Task Retention_leaves_a_checkpoint_and_what_is_left_can_be_verified()
    {
        // 16 files of 64 KiB.
        for (var i = 0; i < 5; i++)
            await WriteAsync(800);

        var files = Directory.EnumerateFiles(Audit, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Sum(file => new FileInfo(file).Length) < (1 << 20) + (1 << 17));
        Assert.DoesNotContain(files, file => file.EndsWith("0000000000000001.jsonl", StringComparison.Ordinal));
        Assert.NotEqual(0, (await fixture.GetAsync("/audit?kind=checkpoint")).Assert2xx().Json.GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await fixture.GetAsync("/audit/verify")).Assert2xx().Json.GetProperty("problem_count").GetInt32());

        File.Delete(files[0]);
        Assert.NotEqual(0, (await fixture.GetAsync("/audit/verify")).Assert2xx().Json.GetProperty("problem_count").GetInt32());
    }

    [Fact]
    public async Task After_a_change_of_the_key_old_entries_are_verified_and_after_its_retirement_too()
    {
        var key = Path.Combine(fixture.Directory, ControllerKeys.FileName);
        await WriteAsync(5);
        foreach (var step in new Action<string>[] { path => ControllerKeyChain.CreateNext(path), ControllerKeyChain.Switch, ControllerKeyChain.Retire })
        {
            await fixture.StopAsync();
            step(key);
            await fixture.StartAsync();
            await WriteAsync(5);
            Assert.Equal(0, (await fixture.GetAsync("/audit/verify")).Assert2xx().Json.GetProperty("problem_count").GetInt32());
        }
    }

    private async Task WriteAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await fixture.GetAsync($"/no-such-path/{i}");
    }

    private string Copy()
    {
        var copy = Directory.CreateTempSubdirectory("osapi-").FullName;
        foreach (var file in Directory.EnumerateFiles(Audit, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(fixture.Directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return copy;
    }

    private async Task<AuditVerdict> VerifyAsync(string directory, ITransport log)
    {
        using var keys = ControllerKeyChain.Load(Path.Combine(fixture.Directory, ControllerKeys.FileName));
        return await AuditVerification.Open(directory, keys)!.RunAsync(log, head: null, fixture.TestTimeout);
    }
}
