using Osapi.Client;
using Osapi.Operations;
using static Osapi.Orchestrator.Tests.TestOperations;

namespace Osapi.Orchestrator.Tests.Operations;

public sealed class HostFailureTests
{
    private readonly ScriptedInvoker invoker = new();

    [Fact]
    public async Task A_task_whose_hosts_partly_failed_has_failed_and_keeps_every_host()
    {
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 ok changed", "web-02 failed", "web-03 skipped", "web-04 running"));

        var result = await RunAsync();

        Assert.Equal((Status.Failed, true, "00000001-0000-7000-8000-000000000000", 4), (result.Status, result.Changed, result.JobId?.ToString(), result.HostResults.Count));
        Assert.Equal([Status.Changed, Status.Failed, Status.Skipped, Status.Failed], result.HostResults.Select(host => host.Status));
        var error = Assert.IsType<HostFailuresException>(result.Error);
        Assert.Equal(["web-02", "web-04"], error.Hosts.Select(host => host.Hostname));
        Assert.Equal("2 of 3 hosts failed: web-02: web-02 is failed; web-04: web-04 is running", error.Message);
        Assert.Equal("web-02", (string?)result.HostResults[1].Data!["hostname"]);
        Assert.Equal("00000001-0000-7000-8000-000000000000", (string?)result.Data!["job_id"]);
        Assert.NotNull(result.JobDuration);
    }

    [Theory]
    [InlineData("ok", Status.Unchanged)]
    [InlineData("ok changed", Status.Changed)]
    [InlineData("skipped", Status.Skipped)]
    [InlineData("failed", Status.Failed)]
    [InlineData("expired", Status.Failed)]
    [InlineData("cancelled", Status.Failed)]
    [InlineData("unknown", Status.Failed)]
    [InlineData("running", Status.Failed)]
    public async Task The_outcome_of_a_host_decides(string outcome, Status expected)
    {
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", $"web-01 {outcome}"));

        Assert.Equal(expected, (await RunAsync()).Status);
    }

    [Theory]
    [InlineData("1", 1, Status.Changed)]
    [InlineData("1", 2, Status.Failed)]
    [InlineData("0", 1, Status.Failed)]
    [InlineData("0", 0, Status.Changed)]
    [InlineData("50%", 2, Status.Changed)]
    [InlineData("50%", 3, Status.Failed)]
    [InlineData("49%", 2, Status.Failed)]
    [InlineData("100%", 4, Status.Skipped)]
    public async Task A_task_may_allow_some_hosts_to_fail(string allowed, int failed, Status expected)
    {
        // Five hosts, of which one is skipped and not counted.
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", [.. Enumerable.Range(0, 4).Select(host => $"web-{host} {(host < failed ? "failed changed" : "ok changed")}"), "web-9 skipped"]));

        var result = await RunAsync(task => task.AllowHostFailures(HostFailureLimit.Parse(allowed)).OnError(ErrorStrategy.Retry(0)));

        Assert.Equal(expected, result.Status);
        Assert.Equal(failed, result.HostResults.Count(host => host.Status == Status.Failed));
    }

    [Fact]
    public async Task Allowed_failures_are_evaluated_before_a_retry()
    {
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 ok", "web-02 failed"));

        var result = await RunAsync(task => task.AllowHostFailures(1).OnError(ErrorStrategy.Retry(5)));

        Assert.Equal((Status.Unchanged, 1), (result.Status, result.Attempts));
    }

    [Fact]
    public async Task A_function_that_returns_a_failed_host_has_failed_unless_it_may()
    {
        var plan = Plans.Continuing();
        Result result = new() { HostResults = [new() { Hostname = "web-01", Changed = true }, new() { Hostname = "web-02", Error = "refused" }] };
        plan.Does("strict", result);
        plan.Does("lenient", result).AllowHostFailures(HostFailureLimit.Percent(50));

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Changed], report.Statuses());
        Assert.True(report.Get("strict")!.Changed);
    }

    [Fact]
    public async Task An_error_of_the_whole_task_is_not_an_error_of_a_host()
    {
        var plan = Plans.Plan();
        plan.Does("a", new() { Error = new InvalidOperationException("boom"), HostResults = [new() { Hostname = "web-01", Error = "refused" }] }).AllowHostFailures(9);

        Assert.Equal("boom", (await plan.ToEndAsync()).Tasks[0].Error!.Message);
    }

    [Fact]
    public async Task A_refusal_that_carries_results_keeps_host_and_job()
    {
        invoker.Throw(Answers.Refused(new ServerException(500, "web-01 is failed"), "00000007-0000-7000-8000-000000000000", "web-01 failed changed"));

        var result = await RunAsync();

        Assert.Equal((Status.Failed, true, "00000007-0000-7000-8000-000000000000", "web-01"), (result.Status, result.Changed, result.JobId?.ToString(), Assert.Single(result.HostResults).Hostname));
        Assert.IsType<ServerException>(result.Error);
        Assert.Equal(Outcome.Failed, result.HostResults[0].Outcome);
    }

    [Fact]
    public async Task A_refusal_that_carries_results_may_be_allowed_and_gives_the_typed_answer()
    {
        invoker.Throw(Answers.Refused(new ServerException(500, "web-01 is failed"), "00000007-0000-7000-8000-000000000000", "web-01 failed"));
        Plan plan = new(null, new() { Invoker = invoker });
        var task = plan.Task("write", Write, "web-01", new() { Path = "/etc/motd" }).AllowHostFailures(1);

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded);
        Assert.Equal("web-01", Assert.Single(report.Get(task)!.Hosts).Hostname);
    }

    [Fact]
    public async Task A_refusal_without_results_is_the_error()
    {
        invoker.Throw(new ValidationException("path is required"));

        var result = await RunAsync();

        Assert.Equal((Status.Failed, "path is required", 0), (result.Status, result.Error!.Message, result.HostResults.Count));
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_fails_the_task_and_keeps_its_hosts()
    {
        invoker.Answer("""{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":true,"bytes":"many"}]}""");

        var result = await RunAsync();

        Assert.Equal((Status.Failed, true, 1), (result.Status, result.Changed, result.HostResults.Count));
        Assert.Contains("the result cannot be read", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_failed_hosts_are_named_in_part()
    {
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", [.. Enumerable.Range(1, 6).Select(host => $"web-{host} failed")]));

        Assert.EndsWith("web-5: web-5 is failed; ...", (await RunAsync()).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exactly_as_many_failed_hosts_as_are_shown_are_all_named() =>
        Assert.EndsWith("web-5: failed", new HostFailuresException([.. Enumerable.Range(1, 5).Select(host => new HostResult { Hostname = $"web-{host}", Outcome = Outcome.Failed })], 5).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("2", "2")]
    [InlineData("20%", "20%")]
    [InlineData("100%", "100%")]
    [InlineData("101%", null)]
    [InlineData("-1", null)]
    [InlineData("%", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("some", null)]
    public void An_allowance_is_read_from_text(string? text, string? expected)
    {
        Assert.Equal(expected, HostFailureLimit.TryParse(text, null, out var limit) ? limit.ToString() : null);
        if (expected is null && text is not null)
            Assert.StartsWith($"'{text}' is neither a number of hosts nor a percentage", Assert.Throws<FormatException>(() => HostFailureLimit.Parse(text)).Message, StringComparison.Ordinal);
    }

    private async Task<TaskResult> RunAsync(Action<PlanTask>? modify = null)
    {
        Plan plan = new(null, new() { Invoker = invoker });
        var task = plan.Task("write", Write, "_all", new() { Path = "/etc/motd" });
        modify?.Invoke(task);
        return Assert.Single((await plan.ToEndAsync()).Tasks);
    }
}
