using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Targets;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Tests of hosts that were unreachable and are heard again while the plan runs.</summary>
public sealed class ReturningHostTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly VirtualTime time = new();
    private readonly ScriptedFleet fleet = new ScriptedFleet("web-01", "web-02", "web-03").Script("first", "web-02", "expired unreachable");

    [Fact]
    public async Task A_host_that_is_heard_again_runs_the_next_task()
    {
        // It is heard after 17 seconds and then all the time; the controller is asked after 5, 10, 15 and 20.
        HeardFleet heard = new(fleet, time, () => time.Elapsed < 17 * Second ? 30 + time.Elapsed.TotalSeconds : 1);
        var plan = MakePlan(heard);
        var first = plan.On("first", "_all");
        var second = plan.On("second", "_all").DependsOn(Sleep(plan, 1, "pause").DependsOn(first));
        plan.On("third", "_all").DependsOn(Sleep(plan, 22).DependsOn(first));

        var report = await plan.ToEndAsync();

        Assert.Equal(["first web-01,web-02,web-03", "second web-01,web-03", "third web-01,web-02,web-03"], fleet.Calls);
        Assert.Equal("web-01 unchanged, web-02 failed, web-03 unchanged", report.Cells("second"));
        Assert.Equal("web-01 unchanged, web-02 unchanged, web-03 unchanged", report.Cells("third"));
        Assert.Equal(["web-02 at 5", "web-02 at 10", "web-02 at 15", "web-02 at 20"], heard.Questions.Select(question => $"{question.Target} at {question.At.TotalSeconds}"));
        Assert.Equal(second.Operation!.Id, heard.Questions[0].Operation);
    }

    [Theory]
    // The heartbeat came before the host was found to be unreachable.
    [InlineData(true, 60.0)]
    // Its agent was stopped.
    [InlineData(false, 1.0)]
    // The controller has not heard it, or is older and does not say.
    [InlineData(true, null)]
    public async Task A_host_that_was_not_heard_since_is_left_out(bool reachable, double? age)
    {
        HeardFleet heard = new(fleet, time, () => age) { Reachable = reachable };
        var plan = MakePlan(heard);
        var wait = Sleep(plan, 12).DependsOn(plan.On("first", "_all"));
        plan.On("second", "_all").DependsOn(wait);

        await plan.ToEndAsync();

        Assert.Equal(["first web-01,web-02,web-03", "second web-01,web-03"], fleet.Calls);
        Assert.Equal(2, heard.Questions.Count);
    }

    [Theory]
    [InlineData(404, 1)]
    [InlineData(403, 1)]
    [InlineData(503, 5)]
    [InlineData(429, 5)]
    public async Task A_question_that_is_refused_for_good_is_not_repeated(int status, int questions)
    {
        HeardFleet heard = new(fleet, time, () => throw (status switch
        {
            404 => new NotFoundException("older"),
            403 => new AuthException(403, "no"),
            429 => new TooManyRequestsException("later"),
            _ => new ServerException(status, "later"),
        }));
        var plan = MakePlan(heard);
        Sleep(plan, 29).DependsOn(plan.On("first", "_all"));

        await plan.ToEndAsync();

        Assert.Equal(questions, heard.Questions.Count);
    }

    [Fact]
    public async Task A_question_without_an_answer_delays_nothing_and_is_given_up()
    {
        HeardFleet heard = new(fleet, time, () => 0) { Answer = new TaskCompletionSource().Task };
        var plan = MakePlan(heard);
        var wait = Sleep(plan, 14).DependsOn(plan.On("first", "_all"));
        plan.On("second", "_all").DependsOn(wait);

        await plan.ToEndAsync();

        Assert.Equal(14 * Second, time.Elapsed);
        Assert.Equal(["first web-01,web-02,web-03", "second web-01,web-03"], fleet.Calls);
        Assert.Single(heard.Questions);
    }

    [Fact]
    public async Task Many_hosts_take_turns()
    {
        string[] names = [.. Enumerable.Range(100, 250).Select(number => $"web-{number}")];
        ScriptedFleet large = new(names);
        foreach (var name in names)
            large.Script("first", name, "expired unreachable");
        HeardFleet heard = new(large, time, () => 100);
        var plan = MakePlan(heard);
        Sleep(plan, 22).DependsOn(plan.On("first", "_all"));

        await plan.ToEndAsync();

        Assert.Equal([100, 100, 50, 100], heard.Questions.Select(question => question.Target.Split(',').Length));
        Assert.Equal(names, heard.Questions.Take(3).SelectMany(question => question.Target.Split(',')));
        Assert.Equal(heard.Questions[0].Target, heard.Questions[3].Target);
    }

    [Fact]
    public async Task A_host_that_is_gone_for_good_does_not_hide_another_one()
    {
        fleet.Script("first", "web-01", "expired unreachable");
        HeardFleet heard = new(fleet, time, () => 0.5) { Gone = "web-01" };
        var plan = MakePlan(heard);
        var wait = Sleep(plan, 17).DependsOn(plan.On("first", "_all"));
        plan.On("second", "_all").DependsOn(wait);

        await plan.ToEndAsync();

        Assert.Equal(["web-01,web-02", "web-01", "web-02"], heard.Questions.Select(question => question.Target));
        Assert.Equal("second web-02,web-03", fleet.Calls[^1]);
    }

    private Plan MakePlan(HeardFleet heard) => new(
        client: null, new() { Invoker = heard, TimeProvider = time, WhenIdle = time.Idle, OnError = ErrorStrategy.Continue });

    // It runs after a task that failed on some hosts.
    private PlanTask Sleep(Plan plan, double seconds, string name = "sleep") => plan.TaskFunc(name, async (_, cancellationToken) =>
    {
        await time.SleepAsync(0, TimeSpan.FromSeconds(seconds), cancellationToken);
        return new Result();
    }).When(_ => true);

    /// <summary>A fleet whose controller says, during the run, how long ago a host was heard.</summary>
    private sealed class HeardFleet(ScriptedFleet fleet, VirtualTime time, Func<double?> age) : IOperationInvoker
    {
        private bool isResolved;

        public List<(string Target, string Operation, TimeSpan At)> Questions { get; } = [];

        public bool Reachable { get; init; } = true;

        public string? Gone { get; init; }

        public Task Answer { get; init; } = Task.CompletedTask;

        public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
        {
            if (request is not ResolveTarget resolve || !isResolved)
            {
                isResolved = true;
                return await fleet.SendAsync(operation, request, target, options, cancellationToken);
            }

            Questions.Add((resolve.Target, resolve.Operation, time.Elapsed));
            await Answer;
            var names = resolve.Target.Split(',');
            ResolvedTarget resolved = names.Contains(Gone)
                ? new() { Problem = $"host {Gone} is not registered" }
                : new() { Hosts = [.. names.Select(name => new ResolvedHost(name, Reachable: Reachable, HeartbeatAge: age()))] };
            return new(JsonSerializer.SerializeToElement(resolved, TargetOperations.Resolve.Result));
        }
    }
}
