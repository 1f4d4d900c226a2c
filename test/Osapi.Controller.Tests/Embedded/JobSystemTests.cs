using System.Diagnostics;
using System.Text;
using Osapi.Client;
using Osapi.Hosting;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>Tests of jobs from the client to the process on the host and back.</summary>
public sealed class JobSystemTests : NodeTest
{
    // One job at a time, so that a later job proves that the earlier ones were handled.
    private protected override NodeOptions Options => base.Options with { Agent = new() { Hostname = "web-01", MaxJobs = 1 } };

    /// <summary>Tests the worst case: the command is redelivered, and the agent has lost its ledger.</summary>
    [Theory]
    [InlineData("web-01")]
    [InlineData("_any")]
    public async Task A_deleted_job_is_not_run_again_when_its_command_comes_again(string target)
    {
        var counter = Path.Combine(directory, "counter");
        string id;
        await using (var system = await OsapiNode.StartAsync(Options, Token))
        {
            using var client = system.CreateClient();
            id = (await client.Command.ShellAsync(target, new() { Command = $"echo x >> {counter}" }, cancellationToken: Token)).JobId.ToString();
            await client.Job.DeleteAsync(JobId.Parse(id), cancellationToken: Token);
            await Assert.ThrowsAsync<NotFoundException>(() => client.Job.GetAsync(JobId.Parse(id), cancellationToken: Token));
        }

        Directory.Delete(Path.Combine(State, "ledger"), recursive: true);
        await CommandAgainAsync(id, target, $"echo x >> {counter}");
        await using (var system = await OsapiNode.StartAsync(Options, Token))
        {
            using var client = system.CreateClient();
            Assert.True((await client.Command.ShellAsync(target, new() { Command = "true" }, cancellationToken: Token)).TryGetFirst(out var later) && later.Outcome == Outcome.Ok);
        }

        Assert.Equal(["x"], await File.ReadAllLinesAsync(counter, Token));
    }

    [Fact]
    public async Task Fifty_megabytes_of_output_arrive_whole_and_can_be_read_again()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();
        var clock = Stopwatch.StartNew();

        var answer = await client.Command.ShellAsync("web-01", new() { Command = "head -c 50000000 /dev/zero | tr '\\0' x" }, new() { MaxOutput = 100_000_000 }, Token);

        TestContext.Current.TestOutputHelper!.WriteLine($"50 MB in {clock.ElapsedMilliseconds} ms; the process with all its parts has {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most");
        Assert.True(answer.TryGetFirst(out var host), answer.JobId.ToString());
        Assert.Equal((50_000_000, false), (host.Result!.Stdout.Length, host.Result.StdoutTruncated));
        Assert.Equal(-1, host.Result.Stdout.AsSpan().IndexOfAnyExcept('x'));
        var job = await client.Job.GetAsync(answer.JobId, new() { MaxOutput = 100_000_000 }, Token);
        Assert.Equal(50_000_000, job.Result!.Value.GetProperty("stdout").GetString()!.Length);
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_truncated_and_flagged()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();

        var answer = await client.Command.ShellAsync("web-01", new() { Command = "head -c 70000000 /dev/zero | tr '\\0' x" }, new() { MaxOutput = 100_000_000 }, Token);

        Assert.True(answer.TryGetFirst(out var host), answer.JobId.ToString());
        Assert.Equal((64 * 1024 * 1024, true, false), (host.Result!.Stdout.Length, host.Result.StdoutTruncated, host.Result.StderrTruncated));
    }

    [Fact]
    public async Task A_cancelled_call_ends_its_job_and_what_that_started()
    {
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();
        using CancellationTokenSource source = new();
        var call = client.Command.ShellAsync("web-01", new() { Command = $"echo $$ > {directory}/pid.part; mv {directory}/pid.part {directory}/pid; sleep 1000 & sleep 1000", Timeout = 300 }, cancellationToken: source.Token);
        while (!File.Exists($"{directory}/pid"))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        var process = int.Parse(await File.ReadAllTextAsync($"{directory}/pid", Token), System.Globalization.CultureInfo.InvariantCulture);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var job = Assert.Single((await client.Job.ListAsync(cancellationToken: Token)).Items);
        Assert.Equal(Osapi.Operations.Jobs.JobStatus.Cancelled, job.Status);
        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    private async Task CommandAgainAsync(string id, string target, string command)
    {
        await using var store = await EmbeddedTransport.OpenAsync(new() { Directory = State }, Token);
        var again = JobJson.Bytes(new JobCommand
        {
            Kind = CommandKind.Run,
            JobId = JobId.Parse(id),
            Operation = "command.shell.execute",
            Request = Encoding.UTF8.GetBytes($$"""{"command":"{{command}}"}"""),
            StartWithin = 3600,
        });
        await store.AppendAsync([target == "_any" ? new(StreamName.WorkQueue, Subjects.Any, again) : new(StreamName.Commands, Subjects.Command("web-01", JobId.Parse(id)), again)], Token);
    }
}
