using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Targets;
using static Osapi.Orchestrator.Tests.TestOperations;

namespace Osapi.Orchestrator.Tests.Operations;

/// <summary>
/// Tests that an operation task that was cancelled, timed out or failed keeps its job, its hosts and their replies.
/// </summary>
public sealed class UnansweredCallTests
{
    private readonly CancellationTokenSource source = new();

    [Fact]
    public async Task A_cancelled_task_keeps_its_job_and_what_its_hosts_had_done_by_then()
    {
        WaitingInvoker invoker = new("web-01 cancelled changed", "web-02 ok");
        Plan plan = new(null, new() { Invoker = invoker, Hooks = new() { BeforeTask = _ => invoker.Called.Task.ContinueWith(_ => source.Cancel(), TaskScheduler.Default) } });
        var write = plan.Task("write", Write, "_all", new() { Path = "/etc/motd" });

        var report = await plan.RunAsync(source.Token);

        var result = Assert.Single(report.Tasks);
        Assert.Equal((Status.Cancelled, true, $"{invoker.JobId?.ToString()}"), (result.Status, result.Changed, result.JobId?.ToString()));
        Assert.Equal([("web-01", Outcome.Cancelled), ("web-02", Outcome.Ok)], result.HostResults.Select(host => (host.Hostname, host.Outcome!.Value)));
        Assert.Equal(1, (int)result.HostResults[1].Data!["bytes"]!);
        Assert.Equal(1, report.Get(write)!.Hosts[1].Result!.Bytes);
        Assert.IsType<OperationCanceledException>(result.Error, exactMatch: false);
    }

    [Fact]
    public async Task A_host_that_had_failed_before_the_cancel_is_the_reason()
    {
        WaitingInvoker invoker = new("web-01 failed");
        Plan plan = new(null, new() { Invoker = invoker, Hooks = new() { BeforeTask = _ => invoker.Called.Task.ContinueWith(_ => source.Cancel(), TaskScheduler.Default) } });
        plan.Task("write", Write, "_all", new() { Path = "/etc/motd" });

        var result = Assert.Single((await plan.RunAsync(source.Token)).Tasks);

        Assert.Equal(Status.Failed, result.Status);
        Assert.StartsWith("1 of 1 hosts failed: web-01: ", Assert.IsType<HostFailuresException>(result.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_whose_time_is_up_keeps_them_too()
    {
        WaitingInvoker invoker = new("web-01 cancelled");
        Plan plan = new(null, new() { Invoker = invoker });
        plan.Task("write", Write, "_all", new() { Path = "/etc/motd" }).Timeout(TimeSpan.FromMilliseconds(20));

        var result = Assert.Single((await plan.RunAsync(Plans.Token)).Tasks);

        Assert.IsType<TimeoutException>(result.Error);
        Assert.Equal((Status.Failed, $"{invoker.JobId?.ToString()}", "web-01"), (result.Status, result.JobId?.ToString(), Assert.Single(result.HostResults).Hostname));
    }

    [Theory]
    [InlineData(HttpRequestError.ResponseEnded, true)]
    [InlineData(HttpRequestError.Unknown, true)]
    [InlineData(HttpRequestError.ConnectionError, false)]
    public async Task A_call_that_broke_off_keeps_its_job_if_it_may_have_arrived(HttpRequestError error, bool mayHaveArrived)
    {
        WaitingInvoker invoker = new("web-01 running") { Failure = new ConnectionException(new("http://127.0.0.1:1"), new HttpRequestException(error)) };
        Plan plan = new(null, new() { Invoker = invoker });
        plan.Task("write", Write, "_all", new() { Path = "/etc/motd" });

        var result = Assert.Single((await plan.RunAsync(Plans.Token)).Tasks);

        Assert.Same(invoker.Failure, result.Error);
        Assert.Equal((Status.Failed, mayHaveArrived ? $"{invoker.JobId?.ToString()}" : null), (result.Status, result.JobId?.ToString()));
        Assert.Equal(mayHaveArrived ? ["web-01"] : [], result.HostResults.Select(host => host.Hostname));
        Assert.Equal(mayHaveArrived ? 1 : 0, invoker.Reads);
    }

    [Fact]
    public async Task A_job_that_never_came_to_be_is_not_named_and_one_that_cannot_be_read_is()
    {
        foreach (var (reading, known) in ((Exception, bool)[])[(new NotFoundException("no such job"), false), (new AuthException(403, "no"), true), (new InvalidOperationException("own"), true)])
        {
            WaitingInvoker invoker = new() { Failure = new ServerException(502, "bad gateway"), ReadFailure = reading };
            Plan plan = new(null, new() { Invoker = invoker });
            plan.Task("write", Write, "_all", new() { Path = "/etc/motd" });

            var result = Assert.Single((await plan.RunAsync(Plans.Token)).Tasks);

            Assert.Same(invoker.Failure, result.Error);
            Assert.Equal((known ? $"{invoker.JobId?.ToString()}" : null, 0), (result.JobId?.ToString(), result.HostResults.Count));
        }
    }

    [Fact]
    public async Task A_controller_that_hangs_does_not_hold_the_end()
    {
        VirtualTime time = new();
        HangingInvoker invoker = new(time);
        Plan plan = new(null, Plans.On(time) with { Invoker = invoker, Deadline = TimeSpan.FromSeconds(10) });
        plan.Task("write", Write, "_all", new() { Path = "/etc/motd" });

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal((PlanOutcome.TimedOut, Status.Cancelled, TimeSpan.FromSeconds(15)), (report.Outcome, report.Tasks[0].Status, report.Duration));
        Assert.Equal($"{invoker.JobId?.ToString()}", report.Tasks[0].JobId?.ToString());
    }

    [Fact]
    public async Task A_refusal_that_names_a_job_keeps_it()
    {
        ScriptedInvoker invoker = new();
        invoker.Throw(new ConflictException("in the way") { JobId = JobIds.Of("00000001-0000-7000-8000-000000000000") });
        Plan plan = new(null, new() { Invoker = invoker });
        plan.Task("write", Write, "_all", new() { Path = "/etc/motd" });

        var result = Assert.Single((await plan.RunAsync(Plans.Token)).Tasks);

        Assert.Equal((Status.Failed, "00000001-0000-7000-8000-000000000000", 1), (result.Status, result.JobId?.ToString(), invoker.Calls.Count));
        Assert.IsType<ConflictException>(result.Error);
    }

    [Fact]
    public async Task A_cancelled_retry_keeps_the_newest_reply_of_the_host()
    {
        WaitingInvoker invoker = new("web-01 cancelled changed") { First = Answers.Job("00000001-0000-7000-8000-000000000000", "web-01 failed", "web-02 ok") };
        Plan plan = new(null, new() { Invoker = invoker, Hooks = new() { OnRetry = (_, _) => invoker.Called.Task.ContinueWith(_ => source.Cancel(), TaskScheduler.Default) } });
        plan.Task("write", Write, "_all", new() { Path = "/etc/motd" }).OnError(ErrorStrategy.Retry(1));

        var result = Assert.Single((await plan.RunAsync(source.Token)).Tasks);

        Assert.Equal((Status.Cancelled, true, "00000001-0000-7000-8000-000000000000"), (result.Status, result.Changed, result.JobId?.ToString()));
        Assert.Equal([("web-01", Outcome.Cancelled, $"{invoker.JobId?.ToString()}"), ("web-02", Outcome.Ok, null)], result.HostResults.Select(host => (host.Hostname, host.Outcome!.Value, host.JobId?.ToString())));
    }

    private static OperationReply Job(IEnumerable<string> hosts)
    {
        var entries = JsonNode.Parse(Answers.Job("j", hosts))!["results"]!.AsArray();
        JsonObject job = new()
        {
            ["id"] = $"{Guid.NewGuid()}",
            ["target"] = "_all",
            ["operation"] = new JsonObject { ["type"] = "test.write.execute", ["data"] = new JsonObject() },
            ["responses"] = new JsonObject(entries.Select(entry => KeyValuePair.Create((string)entry!["hostname"]!, (JsonNode?)Response(entry)))),
        };
        return new(System.Text.Json.JsonElement.Parse(job.ToJsonString()));
    }

    private static JsonObject Response(JsonNode entry) => new()
    {
        ["hostname"] = (string)entry["hostname"]!,
        ["status"] = "completed",
        ["outcome"] = (string)entry["outcome"]!,
        ["changed"] = (bool)entry["changed"]!,
        ["data"] = entry["bytes"] is { } bytes ? new JsonObject { ["bytes"] = (int)bytes } : null,
    };

    /// <summary>An invoker that ends a call only by its cancellation or a failure, and then knows the job.</summary>
    private sealed class WaitingInvoker(params IReadOnlyList<string> hosts) : IOperationInvoker
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? First { get; set; }

        public Exception? Failure { get; init; }

        public Exception? ReadFailure { get; init; }

        public JobId? JobId { get; private set; }

        public int Reads { get; private set; }

        public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
        {
            if (request is GetJob get)
            {
                Reads++;
                Assert.Equal($"{JobId}", get.Id.ToString());
                return ReadFailure is null ? Job(hosts) : throw ReadFailure;
            }

            if (request is ResolveTarget)
                throw new NotFoundException("there is no GET /target");
            if (First is { } answer)
            {
                First = null;
                return new(System.Text.Json.JsonElement.Parse(answer), answer);
            }

            JobId = options!.JobId;
            Called.SetResult();
            if (Failure is not null)
                throw Failure;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException();
        }
    }

    /// <summary>An invoker that obeys the cancellation of a call, and never answers queries of its job.</summary>
    private sealed class HangingInvoker(VirtualTime time) : IOperationInvoker
    {
        public JobId? JobId { get; private set; }

        public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
        {
            JobId ??= options!.JobId;
            await time.SleepAsync(0, TimeSpan.FromDays(1), request is GetJob ? CancellationToken.None : cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
