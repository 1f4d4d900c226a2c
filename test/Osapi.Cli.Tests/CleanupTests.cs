using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>A plan file with a task that fails, run as a user runs it.</summary>
public sealed class CleanupTests : IAsyncLifetime
{
    private readonly Room room = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task What_depends_on_the_failure_is_skipped_recovery_runs_and_the_clean_up_runs_in_any_case()
    {
        var ended = (await room.RunAsync("run", Path.Combine(Programs.Repository, "examples", "cleanup.yaml"))).With(ExitCode.Failed);

        Assert.Contains(ended.Lines, line => line.StartsWith("  failed     risky ", StringComparison.Ordinal) && line.EndsWith("no space left", StringComparison.Ordinal));
        Assert.Contains(ended.Lines, line => line.StartsWith("  skipped    publish ", StringComparison.Ordinal) && line.EndsWith("dependency failed", StringComparison.Ordinal));
        Assert.Contains(ended.Lines, line => line.StartsWith("  changed    roll-back ", StringComparison.Ordinal));
        Assert.Contains(ended.Lines, line => line.StartsWith("  changed    clean-up ", StringComparison.Ordinal));
        Assert.Equal("5 tasks, 3 changed, 1 skipped, 1 failed", ended.Lines[^1]);
    }

    [Fact]
    public async Task A_task_is_tried_again_as_often_as_it_says()
    {
        var marks = room.File("marks", "");
        var plan = room.File("plan.yaml", $$"""
            name: again
            tasks:
              - name: flaky
                op: command.shell.execute
                target: _any
                with: { command: "echo x >> {{marks}}; test $(wc -l < {{marks}}) -ge 3" }
                on_error: retry(3)
            """);

        var ended = (await room.RunAsync("run", plan)).With(ExitCode.Ok);

        Assert.Equal(2, ended.Lines.Count(line => line.StartsWith("  retrying   flaky ", StringComparison.Ordinal)));
        Assert.Equal(3, (await File.ReadAllLinesAsync(marks, TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task A_deadline_ends_the_run_and_what_it_started()
    {
        var plan = room.File("plan.yaml", "name: late\ndeadline: 1s\ntasks:\n- {name: sleep, op: command.exec.execute, target: _any, with: {command: sleep, args: ['3600'], timeout: 3600}}\n");

        var ended = (await room.RunAsync("run", plan)).With(ExitCode.Cancelled);

        Assert.Equal("1 tasks, 1 cancelled", ended.Lines[^1]);
    }
}
