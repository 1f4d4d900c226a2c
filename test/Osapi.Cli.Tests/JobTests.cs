using System.Text.Json;
using System.Text.RegularExpressions;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of jobs as an operator works with them.</summary>
public sealed partial class JobTests : CliTest
{
    public override async ValueTask InitializeAsync() => await fixture.StartSystemAsync("--hostname", "web-01");

    [Fact]
    public async Task A_job_is_listed_read_retried_and_deleted()
    {
        (await fixture.RunAsync("command", "shell", "--command", "echo hello")).With(ExitCode.Ok);

        var list = (await fixture.RunAsync("job", "list", "--operation", "command.shell.execute", "--since", "1h", "-o", "wide")).With(ExitCode.Ok);
        var id = Id().Match(list.Output).Value;
        Assert.Equal(["ID", "STATUS", "OPERATION", "CREATED", "TARGET", "CALLER"], list.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches($@"^{id}  completed  command\.shell\.execute  \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d  _any    {Environment.UserName}$", list.Lines[1]);
        Assert.Equal("1 of 1 job", list.Lines[2]);

        var job = (await fixture.RunAsync("job", "get", id)).With(ExitCode.Ok);
        Assert.Equal($"job {id}  completed", job.Lines[0]);
        Assert.Contains("  operation   command.shell.execute", job.Lines);
        Assert.Contains("    command  echo hello", job.Lines);
        Assert.Contains(job.Lines, line => line.EndsWith("  Completed on web-01", StringComparison.Ordinal));
        Assert.Contains(job.Lines, line => line.StartsWith("web-01  ok", StringComparison.Ordinal));
        Assert.Contains(job.Lines, line => line.StartsWith("  stdout", StringComparison.Ordinal) && line.EndsWith("  hello", StringComparison.Ordinal));

        var retry = (await fixture.RunAsync("job", "retry", id, "--target-hostname", "web-01")).With(ExitCode.Ok);
        var again = Id().Match(retry.Output).Value;
        Assert.Equal($"job {again} retries {id}", retry.Output.Trim());
        (await fixture.RunAsync("job", "watch", again)).With(ExitCode.Ok);
        Assert.Contains($"  retried by  {again}", (await fixture.RunAsync("job", "get", id)).Lines);

        Assert.Equal($"job {id} is deleted", (await fixture.RunAsync("job", "delete", id)).With(ExitCode.Ok).Output.Trim());
        Assert.Equal($"error: job not found: {id}", (await fixture.RunAsync("job", "get", id)).With(ExitCode.Failed).Error.Trim());
        Assert.Equal("no jobs", (await fixture.RunAsync("job", "list", "--caller", "nobody")).With(ExitCode.Ok).Output.Trim());
    }

    [Fact]
    public async Task A_watch_shows_what_happens_and_its_exit_code_says_how_it_ended()
    {
        var pipe = await Pipe.CreateAsync(fixture, "pipe");
        var call = fixture.Start("command", "shell", "--command", pipe.Endless, "--timeout", "300");
        await pipe.ProcessAsync();
        var id = Id().Match((await fixture.RunAsync("job", "list", "--status", "processing")).Output).Value;

        var watch = fixture.Start("job", "watch", id);
        await watch.LineAsync("  started    Started on web-01");
        Assert.Equal($"error: job {id} has not ended; cancel it first", (await fixture.RunAsync("job", "delete", id)).With(ExitCode.Failed).Error.Trim());
        (await fixture.RunAsync("job", "cancel", id)).With(ExitCode.Ok);
        var ended = (await watch.EndAsync()).With(ExitCode.Failed);
        await call.EndAsync();

        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  submitted  Submitted for _any$", ended.Lines[0]);
        Assert.Contains("  cancelled  Cancelled on web-01: ", ended.Lines[2], StringComparison.Ordinal);
        Assert.Equal($"job {id}  cancelled", ended.Lines[3]);
        var lines = (await fixture.RunAsync("job", "watch", id, "--json")).With(ExitCode.Failed).Lines;
        Assert.Equal(["submitted", "started", "cancelled"], lines.Select(line => JsonElement.Parse(line).GetProperty("event").GetString()));
        var last = JsonElement.Parse(lines[^1]).GetProperty("sequence").GetInt64();
        Assert.Equal($"job {id}  cancelled", (await fixture.RunAsync("job", "watch", id, "--after", $"{last}")).With(ExitCode.Failed).Output.Trim());
    }

    [Fact]
    public async Task All_jobs_are_watched_until_interrupted()
    {
        var watch = fixture.Start("job", "watch");
        // Another event may precede the start of the watch.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var calls = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await fixture.RunAsync("node", "hostname");
        }, stop.Token);

        await watch.LineAsync("  completed  Completed on web-01");
        await stop.CancelAsync();
        await calls;
        watch.Signal(RunningProgram.Interrupt);

        (await watch.EndAsync()).With(ExitCode.Cancelled);
    }

    [Fact]
    public async Task Problems_of_a_watch_are_reported_at_once()
    {
        var ended = (await fixture.RunAsync("job", "watch", "x", "--after", "y")).With(ExitCode.BadInput);

        Assert.Equal(["error: id must be a job id (a UUID)", "error: --after must be a whole number"], ended.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Fifty_megabytes_of_output_reach_the_terminal()
    {
        var ended = (await fixture.RunProgramAsync("/bin/sh", "-c", $"{Programs.Osapi} command shell --command \"head -c 50000000 /dev/zero | tr '\\\\0' x\" --json | tr -cd x | wc -c")).With(0);

        // And the x of "exit_code".
        Assert.Equal("50000001", ended.Output.Trim());
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
