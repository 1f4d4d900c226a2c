using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of a plan file with a failing task, run as a user runs it.</summary>
public sealed class RecoveryPlanTests : CliTest
{
    [Fact]
    public async Task Dependents_of_the_failure_are_skipped_and_recovery_and_clean_up_run()
    {
        var ended = (await fixture.RunAsync("run", Path.Combine(Programs.Repository, "examples", "recovery.yaml"))).With(ExitCode.Failed);

        Assert.Contains(ended.Lines, line => line.StartsWith("  failed     risky ", StringComparison.Ordinal) && line.EndsWith("no space left", StringComparison.Ordinal));
        Assert.Contains(ended.Lines, line => line.StartsWith("  skipped    publish ", StringComparison.Ordinal) && line.EndsWith("dependency failed", StringComparison.Ordinal));
        Assert.Contains(ended.Lines, line => line.StartsWith("  changed    roll-back ", StringComparison.Ordinal));
        Assert.Contains(ended.Lines, line => line.StartsWith("  changed    clean-up ", StringComparison.Ordinal));
        Assert.Equal("5 tasks, 3 changed, 1 skipped, 1 failed", ended.Lines[^1]);
    }

    [Fact]
    public async Task A_task_is_retried_as_often_as_configured()
    {
        var marks = fixture.File("marks", "");
        var plan = fixture.File("plan.yaml", $$"""
            name: again
            tasks:
              - name: flaky
                op: command.shell.execute
                target: _any
                with: { command: "echo x >> {{marks}}; test $(wc -l < {{marks}}) -ge 3" }
                on_error: retry(3)
            """);

        var ended = (await fixture.RunAsync("run", plan)).With(ExitCode.Ok);

        Assert.Equal(2, ended.Lines.Count(line => line.StartsWith("  retrying   flaky ", StringComparison.Ordinal)));
        Assert.Equal(3, (await File.ReadAllLinesAsync(marks, TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task A_deadline_ends_the_run_and_its_processes_with_a_message_and_its_own_exit_code()
    {
        var plan = fixture.File("plan.yaml", "name: late\ndeadline: 2s\ntasks:\n- {name: sleep, op: command.shell.execute, target: _any, with: {command: 'echo begun; sleep 3600', timeout: 3600}}\n- {name: after, op: node.load.get, target: _any, depends_on: sleep}\n");

        var text = (await fixture.RunAsync("run", plan)).With(ExitCode.DeadlinePassed);
        var report = (await fixture.RunAsync("run", plan, "--json")).With(ExitCode.DeadlinePassed).Report;

        Assert.Equal("exit code 6: the deadline passed", text.Lines[^2]);
        Assert.Equal("2 tasks, 2 cancelled; the deadline of 2s passed", text.Lines[^1]);
        Assert.Contains(text.Lines, line => line.StartsWith("  sleep on ", StringComparison.Ordinal));
        Assert.Empty(text.Error);
        Assert.DoesNotContain("operation was canceled", text.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(text.Lines, line => line.StartsWith("  job ", StringComparison.Ordinal));
        Assert.Equal("timed_out", report.GetProperty("outcome").GetString());
        var sleep = report.GetProperty("tasks")[0];
        Assert.Equal("cancelled", sleep.GetProperty("status").GetString());
        Assert.False(sleep.TryGetProperty("error", out _));
        // Its output so far is not lost, and the job can be read.
        var host = Assert.Single(sleep.GetProperty("hosts").EnumerateArray());
        Assert.Equal("cancelled", host.GetProperty("outcome").GetString());
        Assert.Equal("begun\n", host.GetProperty("data").GetProperty("stdout").GetString());
        (await fixture.RunAsync("job", "get", sleep.GetProperty("job_id").GetString()!)).With(ExitCode.Ok);
    }
}
