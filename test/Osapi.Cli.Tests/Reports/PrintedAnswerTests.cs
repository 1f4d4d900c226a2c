using System.Text.Json.Nodes;
using Osapi.Cli.Rendering.Reports;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Orchestrator;
using HostResult = Osapi.Orchestrator.HostResult;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Tests.Reports;

/// <summary>Tests of the answers of hosts that are printed together.</summary>
public sealed class PrintedAnswerTests
{
    [Fact]
    public void Answers_that_differ_in_run_times_and_the_hosts_own_name_are_one()
    {
        var folded = PrintedAnswer.Folded(Task(("web-01", "saved web-01 to /srv/web-01.tar", 12), ("web-02", "saved web-02 to /srv/web-02.tar", 340), ("db-1", "saved web-01 to /srv/db-1.tar", 1)), CommandOperations.Exec);

        Assert.Equal([["web-01", "web-02"], ["db-1"]], folded.Select(answer => answer.Hosts.Select(host => host.Hostname)));
        Assert.Equal("saved <host> to /srv/<host>.tar", folded[0].Reply.Result!.Value.GetProperty("stdout").GetString());
        // What one host said is exact.
        Assert.Equal("saved web-01 to /srv/db-1.tar", folded[1].Reply.Result!.Value.GetProperty("stdout").GetString());
    }

    [Theory]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("stdout")]
    [InlineData("a.b")]
    public void Any_name_of_a_host_leaves_numbers_and_names_of_members_alone(string hostname)
    {
        var folded = PrintedAnswer.Folded(Task((hostname, $"{hostname} axb 7", 7), ("other", "other axb 7", 7)), CommandOperations.Exec);

        Assert.Equal(hostname == "7" ? 2 : 1, folded.Count);
        Assert.All(folded, answer => Assert.Equal(7, answer.Reply.Result!.Value.GetProperty("duration_ms").GetInt32()));
        Assert.All(folded, answer => Assert.True(answer.Reply.Result!.Value.TryGetProperty("stdout", out _)));
    }

    [Fact]
    public void Other_outcomes_are_other_answers()
    {
        HostResult ok = new() { Hostname = "a", Outcome = Outcome.Ok, Data = new() { ["exit_code"] = 0 } };
        TaskResult task = new() { Name = "t", Status = Status.Changed, HostResults = [ok, ok with { Hostname = "b", Changed = true }, ok with { Hostname = "c", Error = "late" }, ok with { Hostname = "d" }] };

        Assert.Equal([["a", "d"], ["b"], ["c"]], PrintedAnswer.Folded(task, null).Select(answer => answer.Hosts.Select(host => host.Hostname)));
    }

    private static TaskResult Task(params (string Host, string Text, int Duration)[] hosts) => new()
    {
        Name = "t",
        Status = Status.Changed,
        HostResults = [.. hosts.Select(host => new HostResult
        {
            Hostname = host.Host,
            Outcome = Outcome.Ok,
            Data = new JsonObject { ["hostname"] = host.Host, ["stdout"] = host.Text, ["duration_ms"] = host.Duration },
        })],
    };
}
