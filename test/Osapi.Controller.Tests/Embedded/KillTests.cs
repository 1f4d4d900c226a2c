using System.Diagnostics;
using Osapi.Client;
using Osapi.Hosting;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>Tests that accepted jobs survive kill -9.</summary>
public sealed class KillTests : NodeTest
{
    [Fact]
    public async Task Every_accepted_job_is_there_after_a_kill_and_ends()
    {
        var rounds = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 100 : 10;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("OSAPI_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        Random random = new(seed);
        List<string> accepted = [];
        for (var round = 0; round < rounds; round++)
            accepted.AddRange(await AcceptUntilKilledAsync(random.Next(1, 150)));

        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();
        Dictionary<JobStatus, int> ends = [];
        foreach (var id in accepted)
        {
            var job = await WaitForEndAsync(client, id);
            Assert.Equal("submitted", job.Timeline[0].Event);
            // A job that no agent claimed stays unclaimed. A job that the killed agent had claimed and not run may be
            // claimed again by the next one.
            var events = job.Timeline.Skip(1).Select(entry => entry.Event).ToList();
            Assert.True(events is ["expired"] or ["started", .., not "started"], $"seed {seed}: {string.Join(", ", events)}");
            ends[job.Status] = ends.GetValueOrDefault(job.Status) + 1;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {rounds} kills, {accepted.Count} jobs accepted: {string.Join(", ", ends)}");
        Assert.Equal(accepted.Count, accepted.Distinct().Count());
        Assert.True(accepted.Count >= rounds, $"seed {seed}: only {accepted.Count} jobs were accepted");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_system_that_gets_a_signal_stops_cleanly(string signal)
    {
        // A program that a shell starts with "&" ignores SIGINT, and so would this one.
        ProcessStartInfo start = new("env", ["--default-signal=INT", Environment.ProcessPath!, KilledSystem.WaitArgument, State]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Token));

        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        try
        {
            await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromMinutes(1), Token);
        }
        finally
        {
            process.Kill();
        }

        Assert.Equal(7, process.ExitCode);
        Assert.False(File.Exists(Path.Combine(State, "osapi.sock")));
    }

    // Jobs that the last killed session had started are marked lost shortly after the new one has registered.
    private static async Task<JobDetail> WaitForEndAsync(OsapiClient client, string id)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
            if (await client.Job.GetAsync(JobId.Parse(id), cancellationToken: timeout.Token) is { Status: not (JobStatus.Submitted or JobStatus.Processing) } job)
                return job;
    }

    /// <summary>
    /// Runs the system in a separate process, kills it after it has accepted this many jobs, and gets all jobs that it
    /// reported.
    /// </summary>
    private async Task<List<string>> AcceptUntilKilledAsync(int jobs)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [KilledSystem.Argument, State]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        List<string> accepted = [];
        while (accepted.Count < jobs && await process.StandardOutput.ReadLineAsync(Token) is { } id)
            accepted.Add(id);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync(Token) is { } id)
            accepted.Add(id);
        await process.WaitForExitAsync(Token);
        return accepted;
    }
}
