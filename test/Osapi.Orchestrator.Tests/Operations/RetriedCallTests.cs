using Osapi.Client;
using Osapi.Operations;
using static Osapi.Orchestrator.Tests.TestOperations;

namespace Osapi.Orchestrator.Tests.Operations;

public sealed class RetriedCallTests
{
    private readonly ScriptedInvoker invoker = new();

    [Fact]
    public async Task A_retry_asks_the_hosts_that_failed_or_expired_in_one_job_and_puts_their_replies_in_place()
    {
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 ok changed", "web-02 failed changed", "web-03 expired", "web-04 skipped"));
        invoker.Answer(Answers.Job("00000002-0000-7000-8000-000000000000", "web-02 ok", "web-03 ok changed"), "web-02,web-03");

        var (result, typed) = await RunAsync(Write, ErrorStrategy.Retry(1));

        Assert.Equal(["test.write.execute _all", "test.write.execute web-02,web-03"], invoker.Calls);
        Assert.Equal((Status.Changed, 2, "00000001-0000-7000-8000-000000000000"), (result.Status, result.Attempts, result.JobId?.ToString()));
        Assert.Equal([("web-01", true, null), ("web-02", true, "00000002-0000-7000-8000-000000000000"), ("web-03", true, "00000002-0000-7000-8000-000000000000"), ("web-04", false, null)], result.HostResults.Select(host => (host.Hostname, host.Changed, host.JobId?.ToString())));
        Assert.Equal([1, 1, 1, null], typed!.Hosts.Select(host => host.Result?.Bytes));
        Assert.Null(typed.RawJson);
    }

    [Fact]
    public async Task Only_hosts_that_still_fail_are_called_again()
    {
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 failed", "web-02 failed"));
        invoker.Answer(Answers.Job("00000002-0000-7000-8000-000000000000", "web-01 ok", "web-02 failed"), "web-01,web-02");
        invoker.Throw(Answers.Refused(new ServerException(500, "still failing"), "00000003-0000-7000-8000-000000000000", "web-02 failed"), "web-02");
        invoker.Answer(Answers.Job("00000004-0000-7000-8000-000000000000", "web-02 ok"), "web-02");

        var (result, _) = await RunAsync(Write, ErrorStrategy.Retry(3));

        Assert.Equal(["_all", "web-01,web-02", "web-02", "web-02"], invoker.Calls.Select(call => call.Split(' ')[1]));
        Assert.Equal((Status.Unchanged, 4), (result.Status, result.Attempts));
        Assert.Equal(4, invoker.JobIds.Distinct().Count());
    }

    [Fact]
    public async Task A_list_that_an_older_controller_refuses_is_not_asked_for_again_and_the_hosts_keep_their_replies()
    {
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 failed changed", "web-02 failed", "web-03 ok"));
        invoker.Throw(new UnexpectedStatusException(405, "this controller takes no list of hosts"), "web-01,web-02");

        var (result, _) = await RunAsync(Write, ErrorStrategy.Retry(3));

        Assert.Equal(["_all", "web-01,web-02"], invoker.Calls.Select(call => call.Split(' ')[1]));
        Assert.Equal(
            [("web-01", Outcome.Failed, true, "this controller takes no list of hosts"), ("web-02", Outcome.Failed, false, "this controller takes no list of hosts"), ("web-03", Outcome.Ok, false, null)],
            result.HostResults.Select(host => (host.Hostname, host.Outcome, host.Changed, host.Error)));
    }

    [Theory]
    [InlineData("running", "test.read.get", false)]
    [InlineData("cancelled", "test.read.get", false)]
    [InlineData("unknown", "test.read.get", true)]
    [InlineData("unknown", "test.write.execute", true)]
    [InlineData("unknown", "test.append.execute", false)]
    [InlineData("failed", "test.append.execute", true)]
    [InlineData("expired", "test.append.execute", true)]
    public async Task A_host_is_called_again_only_if_that_is_safe(string outcome, string operation, bool again)
    {
        Trace trace = new();
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", $"web-01 {outcome}", "web-02 ok"));
        invoker.Answer(Answers.Job("00000002-0000-7000-8000-000000000000", "web-01 ok"), "web-01");

        var (result, _) = await RunAsync(new[] { Read, Write, Append }.Single(one => one.Id == operation), ErrorStrategy.Retry(1), trace.Hooks);

        Assert.Equal(again ? 2 : 1, invoker.Calls.Count);
        Assert.Equal(again ? Status.Unchanged : Status.Failed, result.Status);
        Assert.Equal(again ? 1 : 0, trace.Events.Count(text => text.StartsWith("retry", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("not_found", false)]
    [InlineData("invalid", false)]
    [InlineData("timeout", true)]
    public async Task Permanent_errors_are_not_retried_unless_the_predicate_accepts_them(string errorType, bool again)
    {
        foreach (var asked in (bool[])[false, true])
        {
            ScriptedInvoker own = new();
            own.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", $"web-01 failed {errorType}", "web-02 ok"));
            own.Answer(Answers.Job("00000002-0000-7000-8000-000000000000", "web-01 ok"), "web-01");
            Plan plan = new(null, new() { Invoker = own });
            plan.Task("write", Write, "_all", new() { Path = "/etc/motd" }).OnError(asked ? ErrorStrategy.Retry(1).When(_ => true) : ErrorStrategy.Retry(1));

            await plan.ToEndAsync();

            Assert.Equal(again || asked ? 2 : 1, own.Calls.Count);
        }
    }

    [Fact]
    public async Task An_unanswered_call_is_sent_again_under_the_same_id()
    {
        invoker.Throw(new ConnectionException(null, new HttpRequestException("broken pipe")));
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 ok"));

        var (result, _) = await RunAsync(Append, ErrorStrategy.Retry(1));

        Assert.Equal(["test.append.execute _all", "test.append.execute _all"], invoker.Calls);
        Assert.Single(invoker.JobIds.Distinct());
        Assert.NotNull(invoker.JobIds[0]);
        Assert.Equal((Status.Unchanged, 2), (result.Status, result.Attempts));
    }

    [Fact]
    public async Task An_unanswered_directed_call_is_sent_again_under_its_own_id()
    {
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 failed changed", "web-02 ok"));
        invoker.Throw(new ConnectionException(new("http://127.0.0.1:1"), new HttpRequestException("broken pipe")), "web-01");
        invoker.Answer(Answers.Job("00000002-0000-7000-8000-000000000000", "web-01 ok"), "web-01");

        var (result, _) = await RunAsync(Append, ErrorStrategy.Retry(2));

        Assert.Equal(invoker.JobIds[1], invoker.JobIds[2]);
        Assert.NotEqual(invoker.JobIds[0], invoker.JobIds[1]);
        Assert.Equal((Status.Changed, 3), (result.Status, result.Attempts));
    }

    [Fact]
    public async Task A_directed_call_that_is_refused_shows_why_and_is_not_repeated()
    {
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 failed", "web-02 ok"));
        invoker.Throw(new NotFoundException("web-01 is not registered"), "web-01");

        var (result, _) = await RunAsync(Write, ErrorStrategy.Retry(5));

        Assert.Equal(2, invoker.Calls.Count);
        Assert.Equal((Status.Failed, 2, "web-01 is not registered"), (result.Status, result.Attempts, result.HostResults[0].Error));
    }

    [Fact]
    public async Task A_result_without_a_host_name_is_retried_with_the_target()
    {
        invoker.Throw(Answers.Refused(new ServerException(504, "nobody started it"), "00000001-0000-7000-8000-000000000000", " expired"));
        invoker.Answer(Answers.Job("00000002-0000-7000-8000-000000000000", "web-07 ok changed"));

        var (result, _) = await RunAsync(Append, ErrorStrategy.Retry(1), target: "_any");

        Assert.Equal(["test.append.execute _any", "test.append.execute _any"], invoker.Calls);
        Assert.Equal(2, invoker.JobIds.Distinct().Count());
        Assert.Equal((Status.Changed, "web-07"), (result.Status, Assert.Single(result.HostResults).Hostname));
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(403, 1)]
    [InlineData(404, 1)]
    [InlineData(409, 2)]
    [InlineData(503, 2)]
    public async Task A_wrong_request_is_not_retried(int status, int calls)
    {
        ApiException exception = status switch
        {
            400 => new ValidationException("no"),
            401 or 403 => new AuthException(status, "no"),
            404 => new NotFoundException("no"),
            409 => new ConflictException("no"),
            _ => new ServerException(status, "no"),
        };
        invoker.Throw(exception);
        invoker.Throw(exception);

        await RunAsync(Write, ErrorStrategy.Retry(1));

        Assert.Equal(calls, invoker.Calls.Count);
    }

    [Fact]
    public async Task A_call_of_the_controller_is_simply_repeated()
    {
        invoker.Throw(new ServerException(503, "starting"));
        invoker.Answer("""{"status":"ready"}""");
        Plan plan = new(null, new() { Invoker = invoker });
        var ready = plan.Task("ready", Osapi.Operations.Health.HealthOperations.Ready).OnError(ErrorStrategy.Retry(1));

        var report = await plan.ToEndAsync();

        Assert.Equal("ready", report.Get(ready)!.Status);
        Assert.Equal(["health.ready.get", "health.ready.get"], invoker.Calls);
        Assert.All(invoker.JobIds, id => Assert.Null(id));
    }

    [Fact]
    public async Task A_cancelled_retry_keeps_the_earlier_replies_of_the_hosts()
    {
        using CancellationTokenSource source = new();
        invoker.Answer(Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 failed changed", "web-02 ok"));
        Plan plan = new(null, new() { Invoker = invoker, Hooks = new() { OnRetry = (_, _) => source.Cancel() } });
        plan.Task("write", Write, "_all", new() { Path = "/etc/motd" }).OnError(ErrorStrategy.Retry(1));

        var result = Assert.Single((await plan.RunAsync(source.Token)).Tasks);

        Assert.Equal((Status.Cancelled, true, 2, "00000001-0000-7000-8000-000000000000"), (result.Status, result.Changed, result.HostResults.Count, result.JobId?.ToString()));
    }

    private async Task<(TaskResult Result, JobReply<Written>? Typed)> RunAsync(
        Operation<WriteFile, Written> operation, ErrorStrategy strategy, Hooks? hooks = null, string target = "_all")
    {
        Plan plan = new(null, new() { Invoker = invoker, Hooks = hooks ?? new() });
        var task = plan.Task("call", operation, target, new() { Path = "/etc/motd" }).OnError(strategy);
        var report = await plan.ToEndAsync();
        return (Assert.Single(report.Tasks), report.Get(task));
    }
}
