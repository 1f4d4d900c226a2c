using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of runs as a user meets them again: after their process was killed, after a failure, and with steps that are owed.</summary>
public sealed class RecordedRunTests : CliTest
{
    // The second task tells that it runs, and waits for a file.
    private string Plan => $$$"""
        version: 1
        name: recorded
        vars:
          place: {default: {{{fixture.Directory}}}}
        tasks:
          - {name: first, op: command.shell.execute, target: _any, with: {command: "echo done >> ${{ vars.place }}/first"}}
          - {name: second, op: command.shell.execute, target: _any, depends_on: [first], with: {command: "[ -e ${{ vars.place }}/go ] || echo started > ${{ vars.place }}/pipe; while ! [ -e ${{ vars.place }}/go ]; do sleep 0.05; done; echo done >> ${{ vars.place }}/second"}}
          - {name: third, op: command.shell.execute, target: _any, depends_on: [second], with: {command: "echo ${{ run.id }} >> ${{ vars.place }}/third"}}
        """;

    [Fact]
    public async Task A_run_that_was_killed_goes_on_where_it_was()
    {
        await fixture.StartSystemAsync();
        var plan = fixture.File("plan.yaml", Plan);
        var id = await KillAsync(plan);

        // The record has the plan.
        File.Delete(plan);
        fixture.File("go", "");
        var resumed = (await fixture.RunAsync("run", "resume", id)).With(ExitCode.Ok);
        var again = (await fixture.RunAsync("run", "resume", id)).With(ExitCode.BadInput);

        Assert.Equal(["done", "done", id], Lines("first", "second", "third"));
        Assert.Matches("changed +first +earlier", resumed.Output);
        Assert.Contains("has ended; --failed tries again", again.Error, StringComparison.Ordinal);
        Assert.Contains("succeeded", (await fixture.RunAsync("run", "show", id)).With(ExitCode.Ok).Output, StringComparison.Ordinal);
        using var jobs = JsonDocument.Parse((await fixture.RunAsync("job", "list", "--run", id, "--json")).With(ExitCode.Ok).Output);
        Assert.Equal(["third", "second", "first"], jobs.RootElement.GetProperty("items").EnumerateArray().Select(job => job.GetProperty("task").GetString()));
    }

    [Fact]
    public async Task Without_a_controller_what_ran_when_it_was_killed_is_unknown()
    {
        var id = await KillAsync(fixture.File("plan.yaml", Plan));

        fixture.File("go", "");
        var resumed = (await fixture.RunAsync("run", "resume", id)).With(ExitCode.Failed);

        Assert.Equal(["done"], Lines("first", "second", "third"));
        Assert.Contains("it is unknown whether the job finished", resumed.Output, StringComparison.Ordinal);
        (await fixture.RunAsync("run", "retry", id, "--rerun", "second")).With(ExitCode.Ok);
        Assert.Equal(["done", "done", id], Lines("first", "second", "third"));
    }

    [Fact]
    public async Task A_plan_that_was_edited_is_named_and_run_only_when_asked_for()
    {
        await fixture.StartSystemAsync();
        var plan = fixture.File("plan.yaml", Plan);
        var id = await KillAsync(plan);
        fixture.File("plan.yaml", Plan.Replace("third", "last", StringComparison.Ordinal));
        fixture.File("go", "");

        var refused = (await fixture.RunAsync("run", "resume", id)).With(ExitCode.BadInput);
        var differs = (await fixture.RunAsync("run", "resume", id, "--plan", plan)).With(ExitCode.BadInput);
        (await fixture.RunAsync("run", "resume", id, "--plan", plan, "--plan-changed")).With(ExitCode.Ok);

        Assert.Contains($"changed since run {id} was started: {plan}", refused.Error, StringComparison.Ordinal);
        Assert.Contains("new: last; removed: third", differs.Error, StringComparison.Ordinal);
        Assert.Equal(["done", "done", id], Lines("first", "second", "last"));
    }

    [Fact]
    public async Task A_restart_that_failed_is_owed_and_done_by_the_next_run()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");
        var plan = fixture.File("plan.yaml", $$$"""
            version: 1
            name: owing
            tasks:
              - {name: config, op: command.exec.execute, target: _all, with: {command: touch, args: [{{{fixture.Directory}}}/config]}, changed_when: "!env.CONFIG_IS_DONE.startsWith('y')"}
              - {name: restart, op: command.shell.execute, target: _all, depends_on: [config], only_if_changed: true, with: {command: "test -e {{{fixture.Directory}}}/healthy && echo done >> {{{fixture.Directory}}}/restarts"}}
            """);
        fixture.Environment["CONFIG_IS_DONE"] = "no";
        (await fixture.RunAsync("run", plan)).With(ExitCode.Failed);
        fixture.Environment["CONFIG_IS_DONE"] = "yes";
        var owed = (await fixture.RunAsync("run", "owed", "list")).With(ExitCode.Ok);

        fixture.File("healthy", "");
        var second = (await fixture.RunAsync("run", plan)).With(ExitCode.Ok);
        var third = (await fixture.RunAsync("run", plan)).With(ExitCode.Ok);

        Assert.Contains("restart", owed.Output, StringComparison.Ordinal);
        Assert.Contains("owed: restart on web-01", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("owed", third.Output, StringComparison.Ordinal);
        Assert.Equal(["done"], Lines("restarts"));
    }

    private async Task<string> KillAsync(string plan)
    {
        var pipe = Path.Combine(fixture.Directory, "pipe");
        (await fixture.RunProgramAsync("mkfifo", pipe)).With(ExitCode.Ok);
        var run = fixture.Start("run", plan);
        var id = (await run.LineAsync("run "))[4..].Trim();
        Assert.Equal("started\n", await File.ReadAllTextAsync(pipe, TestContext.Current.CancellationToken));
        run.Signal(RunningProgram.Kill);
        await run.EndAsync();
        return id;
    }

    private string[] Lines(params string[] names) => [.. names.Select(name => Path.Combine(fixture.Directory, name)).Where(File.Exists).SelectMany(File.ReadAllLines)];
}
