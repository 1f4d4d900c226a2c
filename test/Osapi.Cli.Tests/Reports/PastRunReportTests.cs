using System.Text;
using Osapi.Browser.Tests;
using Osapi.Cli.RunReports;
using Osapi.Cli.RunReports.Html;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Plans.Reports;
using static Osapi.Browser.Tests.SamplePastRun;

namespace Osapi.Cli.Tests.Reports;

/// <summary>Tests of the report of a run from what a controller keeps of it.</summary>
public sealed class PastRunReportTests
{
    private static readonly JobId One = JobId.New();
    private static readonly JobId Two = JobId.New();

    [Fact]
    public void A_run_that_has_ended_has_its_graph_its_times_and_the_results_of_its_jobs()
    {
        var past = Deployment(RunStatus.Failed);
        past.Keep(One, "copied", "web-01", "web-02");
        past.Keep(Two, "locked", "web-01");

        var report = past.Report(exitCode: 1);

        Assert.Equal(("release web", "failed", 1, 9000.0), (report.Name, report.Outcome, report.ExitCode, report.DurationMs));
        Assert.Equal("3 tasks, 1 changed, 1 skipped, 1 failed", report.Summary);
        Assert.Equal([("copy", 0, "changed"), ("migrate", 1, "failed"), ("restart", 2, "skipped")], report.Tasks.Select(task => (task.Name, task.Level, task.Status)));
        Assert.Equal(["copy", "migrate"], report.CriticalPath);
        Assert.Equal(["migrate"], report.Tasks[2].DependsOn);
        Assert.Equal([("web-01", 1000.0, 2000.0), ("web-02", 1000.0, 3000.0)], report.Tasks[0].Hosts.Select(cell => (cell.Hostname, cell.StartedMs!.Value, cell.DurationMs)));
        Assert.Equal(["copied", "copied"], report.Tasks[0].Hosts.Select(cell => cell.Text("stdout")));
        Assert.Equal(One.ToString(), report.Tasks[0].JobId);
        Assert.Equal("exit code 3", report.Tasks[1].Hosts[0].Error);
        Assert.Empty(report.Notes);
    }

    [Fact]
    public void What_is_not_kept_any_more_and_what_is_not_for_the_caller_is_said()
    {
        var past = Deployment(RunStatus.Failed);
        past.Answers.AddRemoved();
        past.Answers.AddForbidden();

        var report = past.Report(exitCode: 1);

        Assert.Equal(["1 of 2 jobs are no longer kept: the results of their hosts are missing.", "1 of 2 jobs are not for this caller: the results of their hosts are missing."], report.Notes);
        // How the cells ended is in the journal.
        Assert.Equal(["changed", "failed", "skipped"], report.Tasks.Select(task => task.Status));
        foreach (var text in Written(report))
            Assert.Contains("no longer kept", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_interrupted_has_what_ended_what_is_not_known_and_what_did_not_run()
    {
        SamplePastRun past = new(RunStatus.Interrupted, Task("copy"), Task("migrate", "copy"), Task("restart", "migrate"));
        past.At(1, Call("copy", One, "web-01", "web-02"));
        past.At(2, Call("migrate", Two, "web-01"), Resolved("migrate", "web-01", "web-02"));
        past.Keep(One, "copied", "web-01");

        var report = past.Report();

        Assert.Null(report.ExitCode);
        Assert.Equal([("web-01", "changed"), ("web-02", "unknown")], report.Tasks[0].Hosts.Select(cell => (cell.Hostname, cell.Status)));
        Assert.Equal([("web-01", "unknown"), ("web-02", "not_run")], report.Tasks[1].Hosts.Select(cell => (cell.Hostname, cell.Status)));
        Assert.Equal(["unknown", "unknown", "not_run"], report.Tasks.Select(task => task.Status));
        Assert.Contains("The run was interrupted and has not ended; it can be resumed.", report.Notes);
        Assert.Contains("The end of 3 calls is not in the journal: each is shown as its job ended, and as unknown where that is not known.", report.Notes);
        foreach (var text in Written(report))
        {
            Assert.Contains("unknown", text, StringComparison.Ordinal);
            Assert.DoesNotContain("exit code", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_a_run_that_goes_on_open_calls_are_running()
    {
        SamplePastRun past = new(RunStatus.Running, Task("copy"));
        past.At(1, Call("copy", One, "web-01"));

        Assert.Equal("running", past.Report().Tasks[0].Hosts[0].Status);
    }

    [Fact]
    public void A_cell_whose_host_was_not_known_when_it_was_called_is_one_cell()
    {
        SamplePastRun past = new(RunStatus.Succeeded, Task("any"));
        past.At(1, new JournalEntry { Kind = JournalEntryKind.Call, Task = "any", Attempt = 1, JobId = One });
        past.At(2, Ended("any", "web-07", "changed", 1, 2, One));

        Assert.Equal("web-07", Assert.Single(past.Report(exitCode: 0).Tasks[0].Hosts).Hostname);
    }

    [Fact]
    public void The_failures_of_a_run_that_succeeded_are_those_that_its_plan_allows()
    {
        SamplePastRun past = new(RunStatus.Succeeded, Task("copy"));
        past.At(1, Ended("copy", "web-01", "failed", 0, 1, One), Ended("copy", "web-02", "changed", 0, 1, One));

        var task = past.Report(exitCode: 0).Tasks[0];

        Assert.Equal(("changed", true, (bool?)null), (task.Status, task.Hosts[0].Allowed, task.Hosts[1].Allowed));
    }

    [Fact]
    public void The_record_of_an_older_program_has_only_reactions_and_circles_of_a_hostile_one_end()
    {
        SamplePastRun past = new(
            RunStatus.Succeeded,
            new("a", new string('b', 64)),
            new("b", new string('b', 64)) { ReactsTo = ["a", "none"] },
            Task("c", "d"), Task("d", "c"), Task("e", "e"));

        var report = past.Report(exitCode: 0);

        Assert.Equal([("a", 0, ""), ("b", 1, "a"), ("c", 0, "d"), ("d", 0, "c"), ("e", 0, "e")], report.Tasks.OrderBy(task => task.Name).Select(task => (task.Name, task.Level, string.Join(' ', task.DependsOn))));
        Assert.Contains("The record does not have the dependencies of the tasks: the graph shows only what reacts to a change.", report.Notes);
        Assert.NotEmpty(Written(report));
    }

    private static SamplePastRun Deployment(RunStatus status)
    {
        SamplePastRun past = new(status, Task("copy"), Task("restart", "migrate"), Task("migrate", "copy"));
        past.At(1, Call("copy", One, "web-01", "web-02"));
        past.At(4, Ended("copy", "web-01", "changed", 1, 3, One), Ended("copy", "web-02", "changed", 1, 4, One), Call("migrate", Two, "web-01"));
        past.At(8, Ended("migrate", "web-01", "failed", 4, 8, Two) with { Reason = "exit code 3" }, Ended("restart", "web-01", "skipped", 8, 8) with { Reason = "dependency failed" });
        past.At(9, new JournalEntry { Kind = JournalEntryKind.Over, Status = "failed" });
        return past;
    }

    private static IReadOnlyList<string> Written(RunReport report) =>
        [.. new[] { HtmlReport.Of(report), JUnitReport.Of(report), MarkdownReport.Of(report), RunReportJson.ToBytes(report) }.Select(Encoding.UTF8.GetString)];

    private static JournalEntry Resolved(string task, params IReadOnlyList<string> hosts) => new() { Kind = JournalEntryKind.Resolved, Task = task, Hosts = hosts };
}
