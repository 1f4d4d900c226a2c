using System.Text.Json;
using Osapi.Cli.Tests.Running;
using Osapi.Plans.Reports;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the reports of past runs: what the command of the run wrote, and what a later command writes from the record.</summary>
public sealed class PastRunTests : CliTest
{
    private const string Plan = """
        version: 1
        name: past
        on_error: continue
        tasks:
          - {name: find, op: command.shell.execute, target: _all, with: {command: "printf 'a\nb'"}}
          - {name: any, op: command.shell.execute, target: _any, depends_on: [find], with: {command: "echo on any"}}
          - {name: each, op: command.shell.execute, target: {same_as: find}, depends_on: [find], for_each: "${{ results.find.stdout.split('\\n') }}", with: {command: "echo ${{ each.value }}"}}
          - {name: skipped, op: command.shell.execute, target: _all, depends_on: [any], when: "false", with: {command: "echo never"}}
          - {name: fails, op: command.shell.execute, target: _all, depends_on: [each], with: {command: "echo to stderr >&2; exit 3"}}
          - {name: after, op: command.shell.execute, target: _all, depends_on: [fails], with: {command: "echo never"}}
          - {name: agents, op: agent.list, depends_on: [any]}
        """;

    [Fact]
    public async Task The_report_of_a_past_run_is_that_which_the_run_wrote_itself()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");
        var id = await RunAsync("run", fixture.File("plan.yaml", Plan), "--report", $"json={At("then.json")}");

        var shown = (await fixture.RunAsync("run", "show", id, "--report", $"json={At("now.json")}", "--report", $"html={At("now.html")}", "--report", $"junit={At("now.xml")}", "--report", $"markdown={At("now.md")}")).With(ExitCode.Ok);

        var (then, now) = (Read("then.json"), Read("now.json"));
        Assert.Equal((then.Name, then.Outcome, then.ExitCode, then.Run, then.Summary), (now.Name, now.Outcome, now.ExitCode, now.Run, now.Summary));
        Assert.Equal(then.Tasks.Select(TextOf), now.Tasks.Select(TextOf));
        // Which of two tasks ended last may differ where both ended in the same millisecond.
        Assert.Equal("find", now.CriticalPath[0]);
        Assert.Empty(now.Notes);
        Assert.Contains("to stderr", File.ReadAllText(At("now.html")), StringComparison.Ordinal);
        Assert.Contains("<testsuite name=\"fails\"", File.ReadAllText(At("now.xml")), StringComparison.Ordinal);
        Assert.Contains("## past: failed", File.ReadAllText(At("now.md")), StringComparison.Ordinal);
        Assert.Contains("fails", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_removed_is_said_and_what_cannot_be_written_is_refused()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");
        var id = await RunAsync("run", fixture.File("plan.yaml", Plan));
        using (var jobs = JsonDocument.Parse((await fixture.RunAsync("job", "list", "--run", id, "--json")).With(ExitCode.Ok).Output))
            (await fixture.RunAsync("job", "delete", jobs.RootElement.GetProperty("items").EnumerateArray().First(job => job.GetProperty("task").GetString() == "fails").GetProperty("id").GetString()!)).With(ExitCode.Ok);

        var shown = (await fixture.RunAsync("run", "show", id, "--report", $"json={At("now.json")}")).With(ExitCode.Ok);
        var refused = (await fixture.RunAsync("run", "show", id, "--report", "json=/proc/nowhere/now.json", "--report", "pdf=x")).With(ExitCode.BadInput);

        var report = Read("now.json");
        Assert.Contains("jobs are no longer kept", Assert.Single(report.Notes), StringComparison.Ordinal);
        Assert.Contains("note: 1 of", shown.Error, StringComparison.Ordinal);
        var failed = report.Tasks.Single(task => task.Name == "fails");
        Assert.Equal(("failed", null), (failed.Status, failed.Hosts[0].Data));
        Assert.Contains("'/proc/nowhere/now.json' cannot be written", refused.Error, StringComparison.Ordinal);
        Assert.Contains("pdf", refused.Error, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] arguments) =>
        (await fixture.RunAsync(arguments)).With(ExitCode.Failed).Output.Split('\n').First(line => line.StartsWith("run ", StringComparison.Ordinal))[4..].Trim();

    private string At(string name) => Path.Combine(fixture.Directory, name);

    private RunReport Read(string name) => RunReportJson.Parse(File.ReadAllBytes(At(name)));

    // All but times, and why.
    private static string TextOf(TaskReport task) =>
        $"{task.Name} {task.Operation} {task.Target} {task.SameAs} after {string.Join(' ', task.DependsOn)} level {task.Level} {task.Status} {task.Changed} {task.Attempts} {task.StartedMs is null} {task.JobId} {task.SkipReason} {task.Data} "
        + string.Join("; ", task.Hosts.Select(cell => $"{cell.Hostname} {cell.Status} {cell.Outcome} {cell.Changed} {cell.Error} {cell.JobId} {cell.SkipReason} {cell.Attempts} {cell.StartedMs is null} {(cell.Items is null ? cell.Data : null)} {string.Join(", ", (cell.Items ?? []).Select(item => $"{item.Key} {item.Status} {item.Changed} {item.Attempts} {item.Data}"))}"));
}
