using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

public sealed class QuickStartTests : CliTest
{
    private static readonly string[] Names = ["check-health", "get-disk", "get-hostname", "get-load", "get-memory"];

    [Fact]
    public async Task The_plan_shows_its_progress_then_each_host_and_ends_with_the_summary()
    {
        var ended = (await fixture.RunAsync("run", PlanTexts.QuickStart)).With(ExitCode.Ok);

        Assert.Matches("^run [0-9a-f-]{36}$", ended.Lines[0]);
        Assert.Equal("quickstart: 5 tasks", ended.Lines[1]);
        foreach (var name in Names)
        {
            var running = Array.FindIndex(ended.Lines, line => line.StartsWith($"  running    {name} ", StringComparison.Ordinal));
            var unchanged = Array.FindIndex(ended.Lines, line => line.StartsWith($"  unchanged  {name} ", StringComparison.Ordinal));
            Assert.InRange(running, 1, unchanged - 1);
        }

        Assert.Contains("check-health  unchanged", ended.Lines);
        Assert.Contains($"  {Environment.MachineName}  ok", ended.Lines, StringComparer.OrdinalIgnoreCase);
        Assert.Contains(ended.Lines, line => line.TrimStart().StartsWith("os_hostname  ", StringComparison.Ordinal));
        Assert.Equal("5 tasks, 5 unchanged", ended.Lines[^1]);
        Assert.StartsWith("took ", ended.Lines[^2], StringComparison.Ordinal);
        Assert.Empty(ended.Error);
    }

    [Fact]
    public async Task Progress_is_live_the_first_task_is_shown_before_the_last_one_has_started()
    {
        var program = fixture.Start("run", fixture.File("plan.yaml", PlanTexts.Chain(300)));

        await program.LineAsync("unchanged  t0 ");
        // It runs for long after that line: an interrupt still finds it running.
        program.Signal(RunningProgram.Interrupt);
        var ended = await program.EndAsync();

        ended.With(ExitCode.Cancelled);
        Assert.Contains(" cancelled", ended.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(ended.Lines, line => line.StartsWith("  running    t299 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_json_each_event_is_a_line_and_the_last_one_is_the_report()
    {
        var ended = (await fixture.RunAsync("run", PlanTexts.QuickStart, "--json")).With(ExitCode.Ok);

        var root = ended.Report;
        Assert.Equal("report", root.GetProperty("event").GetString());
        Assert.Equal(0, root.GetProperty("exit_code").GetInt32());
        Assert.Equal("quickstart", root.GetProperty("name").GetString());
        Assert.Equal("succeeded", root.GetProperty("outcome").GetString());
        Assert.Equal("5 tasks, 5 unchanged", root.GetProperty("summary").GetString());
        var tasks = root.GetProperty("tasks").EnumerateArray().ToList();
        Assert.Equal(Names, tasks.Select(task => task.GetProperty("name").GetString()).Order());
        Assert.All(tasks, task => Assert.Equal("unchanged", task.GetProperty("status").GetString()));
        var host = Assert.Single(tasks.Single(task => task.GetProperty("name").GetString() == "get-hostname").GetProperty("hosts").EnumerateArray());
        Assert.Equal("ok", host.GetProperty("outcome").GetString());
        Assert.True(host.GetProperty("data").TryGetProperty("os_hostname", out _));
        Assert.Contains("  running    get-disk ", ended.Error, StringComparison.Ordinal);

        var events = ended.Lines.Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(["run_recorded", "run_started", "task_started", "task_ended", "task_started", "host_ended", "task_ended"], events.Take(7).Select(one => one.GetProperty("event").GetString()));
        Assert.All(events, one => Assert.True(one.GetProperty("time").TryGetDateTimeOffset(out _)));
        Assert.Equal(events.OrderBy(one => one.GetProperty("time").GetDateTimeOffset()).Select(one => one.ToString()), events.Select(one => one.ToString()));
        // The result of a host is there once.
        Assert.Equal(1, ended.Output.Split("\"os_hostname\"").Length - 1);
        Assert.Equal(2 + (2 * 5) + 4 + 1, events.Count);
    }

    [Fact]
    public async Task Quiet_prints_only_the_summary_and_output_chooses_the_answers()
    {
        Assert.Equal(["5 tasks, 5 unchanged"], (await fixture.RunAsync("run", PlanTexts.QuickStart, "-q")).With(ExitCode.Ok).Lines);
        Assert.Contains("5 tasks without news: --output all shows the answers", (await fixture.RunAsync("run", PlanTexts.QuickStart, "--output", "failed")).With(ExitCode.Ok).Lines);
        Assert.Equal(
            ["error: --quiet cannot be used with --verbose", "error: --quiet prints no answers and cannot be used with --output", "error: --output 'al' must be one of changed, failed, all; did you mean 'all'?"],
            (await fixture.RunAsync("run", PlanTexts.QuickStart, "-q", "-v", "--output", "al")).With(ExitCode.BadInput).ErrorLines);
    }

    [Fact]
    public async Task A_plan_can_come_from_standard_input()
    {
        var ended = await fixture.RunWithInputAsync(await File.ReadAllTextAsync(PlanTexts.QuickStart, TestContext.Current.CancellationToken), "run", "-");

        Assert.Equal("5 tasks, 5 unchanged", ended.With(ExitCode.Ok).Lines[^1]);
    }

    [Fact]
    public async Task Two_plans_at_the_same_time_on_one_state_directory_both_run()
    {
        var programs = Enumerable.Range(0, 2).Select(_ => fixture.Start("run", PlanTexts.QuickStart)).ToList();

        foreach (var program in programs)
            Assert.Equal("5 tasks, 5 unchanged", (await program.EndAsync()).With(ExitCode.Ok).Lines[^1]);
    }

    [Fact]
    public async Task Jobs_of_an_earlier_command_can_be_read_by_a_later_one()
    {
        var first = (await fixture.RunAsync("node", "hostname", "--json")).With(ExitCode.Ok);
        using var answer = JsonDocument.Parse(first.Output);
        var job = answer.RootElement.GetProperty("job_id").GetString()!;

        var detail = (await fixture.RunAsync("job", "get", job, "--json")).With(ExitCode.Ok);

        using var read = JsonDocument.Parse(detail.Output);
        Assert.Equal("completed", read.RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_example_in_csharp_does_the_same_in_less_than_sixty_lines()
    {
        fixture.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(fixture.Directory, "tmp")).FullName;

        var ended = (await fixture.RunProgramAsync(Programs.QuickStart)).With(0);

        Assert.Contains("  unchanged  get-hostname", ended.Lines);
        Assert.Contains(ended.Lines, line => line.Contains(" calls itself ", StringComparison.Ordinal));
        Assert.Equal("5 tasks, 5 unchanged", ended.Lines[^1]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(fixture.Environment["TMPDIR"]));
        Assert.True(File.ReadLines(Path.Combine(Programs.Repository, "examples", "QuickStart", "Program.cs")).Count() < 60);
    }
}
