using System.Text.Json.Nodes;

namespace Osapi.Orchestrator.Tests.Running;

public sealed class HostileCodeTests
{
    [Fact]
    public async Task A_body_that_throws_fails_only_its_own_task()
    {
        var plan = Plans.Continuing();
        plan.TaskFunc("throws", (_, _) => throw new InvalidOperationException("boom"));
        plan.TaskFunc("throws later", async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("boom");
        });
        plan.TaskFunc("no task", (_, _) => null!);
        plan.TaskFunc("no result", (_, _) => Task.FromResult<Result>(null!));
        plan.TaskFunc("faulted", (_, _) => Task.FromException<Result>(new InvalidOperationException("boom")));
        plan.Does("reports failure", new() { Status = Status.Failed });
        plan.Does("fine");

        var report = await plan.ToEndAsync();

        Assert.Equal(
            ["boom", "boom", "the body returned no task", "the body returned no result", "boom", "the body reported a failure", null],
            report.Tasks.Select(task => task.Error?.Message));
        Assert.Equal([.. Enumerable.Repeat(Status.Failed, 6), Status.Unchanged], report.Statuses());
    }

    [Fact]
    public async Task A_body_that_blocks_its_thread_delays_no_other_task()
    {
        using ManualResetEventSlim block = new();
        var plan = Plans.Plan();
        plan.TaskFunc("blocks", (_, cancellationToken) =>
        {
            block.Wait(cancellationToken);
            return Task.FromResult(Plans.Unchanged);
        });
        var a = plan.Does("a");
        var b = plan.Does("b").DependsOn(a);
        plan.Does("c", also: block.Set).DependsOn(b);

        Assert.True((await plan.ToEndAsync()).Succeeded);
    }

    [Fact]
    public async Task A_guard_that_throws_fails_only_its_own_task()
    {
        var plan = Plans.Continuing();
        var a = plan.Does("a").When(_ => throw new InvalidOperationException("guard")).OnError(ErrorStrategy.Retry(3).Then(ErrorStrategy.Continue));
        plan.Does("b").DependsOn(a);
        plan.Does("c");

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Unchanged, Status.Skipped], report.Statuses());
        Assert.Equal(("guard", 0, TimeSpan.Zero), (report.Tasks[0].Error!.Message, report.Tasks[0].Attempts, report.Tasks[0].Duration));
    }

    [Fact]
    public async Task A_guard_that_throws_stops_a_plan_that_stops()
    {
        Trace trace = new();
        var plan = Plans.Plan(new() { Hooks = trace.Hooks });
        var a = plan.Does("a").When(_ => throw new InvalidOperationException("guard"));
        plan.Does("b").DependsOn(a);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Cancelled], report.Statuses());
        Assert.Equal(["before-plan", "before-level-0", "after-a", "after-level-0", "after-b", "after-plan"], trace.Events);
    }

    [Fact]
    public async Task The_first_of_several_guards_that_fails_gives_the_reason()
    {
        var asked = 0;
        var plan = Plans.Plan();
        plan.Does("a").When(_ => true, "one").When(_ => false, "two").When(_ => ++asked > 0, "three").When(_ => false, "");

        Assert.Equal("two", (await plan.ToEndAsync()).Tasks[0].SkipReason);
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task Hooks_that_throw_are_recorded_and_change_nothing()
    {
        var plan = Plans.Plan(new()
        {
            OnError = ErrorStrategy.Retry(1).Then(ErrorStrategy.Continue),
            Hooks = new()
            {
                BeforePlan = _ => throw new InvalidOperationException("1"),
                AfterPlan = _ => throw new InvalidOperationException("2"),
                BeforeLevel = _ => throw new InvalidOperationException("3"),
                AfterLevel = _ => throw new InvalidOperationException("4"),
                BeforeTask = _ => throw new InvalidOperationException("5"),
                AfterTask = (_, _) => throw new InvalidOperationException("6"),
                OnRetry = (_, _) => throw new InvalidOperationException("7"),
                OnSkip = (_, _) => throw new InvalidOperationException("8"),
            },
        });
        plan.Does("b").DependsOn(plan.Fails("a"));

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Skipped], report.Statuses());
        Assert.Equal(
            [
                ("BeforePlan", null), ("BeforeLevel", null), ("BeforeTask", "a"), ("OnRetry", "a"), ("AfterTask", "a"), ("AfterLevel", null),
                ("BeforeLevel", null), ("OnSkip", "b"), ("AfterTask", "b"), ("AfterLevel", null), ("AfterPlan", null),
            ],
            report.HookErrors.Select(error => (error.Hook, error.Task)));
        Assert.Equal("7", report.HookErrors[3].Error.Message);
    }

    [Fact]
    public async Task An_async_hook_is_waited_for_and_its_exception_is_recorded()
    {
        Gate gate = new();
        var ended = false;
        var plan = Plans.Plan(new()
        {
            Hooks = new()
            {
                BeforeTask = async _ => await gate.Result.Task.ContinueWith(_ => ended = true, TaskScheduler.Default),
                AfterTask = async (_, _) =>
                {
                    await gate.Result.Task;
                    throw new InvalidOperationException("late");
                },
                AfterPlan = _ => gate.Open(),
            },
        });
        plan.Does("a");

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded);
        Assert.True(ended);
        Assert.Equal(("AfterTask", "a", "late"), Assert.Single(report.HookErrors) is var error ? (error.Hook, error.Task, error.Error.Message) : default);
    }

    [Fact]
    public async Task Combined_hooks_are_all_called_although_one_throws()
    {
        Trace one = new(), two = new();
        var hooks = Hooks.Combine(one.Hooks, null, new() { AfterTask = (_, _) => throw new InvalidOperationException("boom") }, two.Hooks);
        var plan = Plans.Plan(new() { Hooks = hooks, OnError = ErrorStrategy.Retry(1).Then(ErrorStrategy.Continue) });
        plan.Does("b").DependsOn(plan.Fails("a"));

        var report = await plan.ToEndAsync();

        Assert.Equal(11, one.Events.Count);
        Assert.Equal(one.Events, two.Events);
        Assert.Equal(2, report.HookErrors.Count);
    }

    [Fact]
    public async Task A_plan_cannot_be_changed_while_it_runs_and_can_afterwards()
    {
        List<Action<Plan>> changes =
        [
            plan => plan.Does("new"), plan => plan.Tasks[0].Name = "new", plan => plan.Tasks[0].OnlyIfChanged(), plan => plan.Tasks[0].OnlyIfFailed(),
            plan => plan.Tasks[0].When(_ => false), plan => plan.Tasks[0].DependsOn(plan.Tasks), plan => plan.Tasks[0].OnError(ErrorStrategy.Continue),
            plan => plan.Tasks[0].Timeout(TimeSpan.FromTicks(1)), plan => plan.Tasks[0].AllowHostFailures(1),
        ];
        Plan? running = null;
        var plan = Plans.Plan(new() { Hooks = new() { BeforeTask = _ => changes.ForEach(change => Assert.Throws<InvalidOperationException>(() => change(running!))) } });
        running = plan;
        plan.Does("a");

        var report = await plan.ToEndAsync();

        Assert.Empty(report.HookErrors);
        Assert.True(report.Succeeded);
        plan.Does("b");
        Assert.Equal(2, (await plan.ToEndAsync()).Tasks.Count);
    }

    [Fact]
    public async Task A_body_may_run_its_own_plan_again()
    {
        var plan = Plans.Plan();
        var depth = 0;
        plan.TaskFunc("a", async (_, cancellationToken) => Interlocked.Increment(ref depth) < 3 && !(await plan.RunAsync(cancellationToken)).Succeeded
            ? throw new InvalidOperationException("inner")
            : Plans.Unchanged);

        Assert.True((await plan.ToEndAsync()).Succeeded);
        Assert.Equal(3, depth);
    }

    [Fact]
    public async Task Two_runs_at_once_share_nothing()
    {
        var plan = Plans.Plan();
        var count = 0;
        TaskCompletionSource both = new();
        var a = plan.TaskFunc("a", async (_, _) =>
        {
            var own = Interlocked.Increment(ref count);
            if (own == 2)
                both.SetResult();
            await both.Task;
            return new() { Data = new() { ["run"] = own } };
        });
        plan.TaskFuncWithResults("b", (_, results, _) => Task.FromResult(new Result { Data = results.Get(a)!.Data })).DependsOn(a);

        var reports = await Task.WhenAll(plan.ToEndAsync(), plan.ToEndAsync());

        Assert.Equal([1, 2], reports.Select(report => (int)report.Get("b")!.Data!["run"]!).Order());
        Assert.All(reports, report => Assert.Equal((int)report.Get("a")!.Data!["run"]!, (int)report.Get("b")!.Data!["run"]!));
    }

    [Fact]
    public async Task Changes_to_a_received_result_affect_only_the_own_copy()
    {
        Result shared = new() { Data = new() { ["value"] = 1 }, HostResults = [new() { Hostname = "web-01", Data = new() { ["value"] = 1 } }] };
        List<int> seen = [];
        var plan = Plans.Plan(new() { Hooks = new() { AfterTask = (_, result) => Spoil(result.Data, result.HostResults) } });
        var a = plan.Does("a", shared);
        var spoiler = plan.TaskFuncWithResults("spoiler", (_, results, _) =>
        {
            var given = results.Get("a")!;
            Spoil(given.Data, given.HostResults);
            return Task.FromResult(Plans.Unchanged);
        }).DependsOn(a);
        plan.Does("reader").DependsOn(spoiler).When(results =>
        {
            var given = results.Get("a")!;
            seen.Add((int)given.Data!["value"]!);
            seen.Add((int)given.HostResults[0].Data!["value"]!);
            return true;
        });

        await plan.ToEndAsync();

        Assert.Equal([1, 1], seen);
    }

    [Fact]
    public async Task One_result_may_be_returned_by_several_tasks()
    {
        Result shared = new() { Changed = true };
        var plan = Plans.Continuing();
        plan.Does("a", shared);
        plan.Does("b", shared).DependsOn(plan.Tasks[0]).When(_ => false);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Changed, Status.Skipped], report.Statuses());
        Assert.Equal(Status.Pending, shared.Status);
    }

    [Fact]
    public async Task A_list_of_hosts_that_throws_fails_the_task()
    {
        var plan = Plans.Plan();
        plan.Does("a", new() { HostResults = new BrokenList() });

        Assert.Equal("broken", Assert.Single((await plan.ToEndAsync()).Tasks).Error!.Message);
    }

    [Fact]
    public async Task A_retry_predicate_that_throws_fails_the_task_with_both_errors()
    {
        var plan = Plans.Plan();
        plan.Fails("a").OnError(ErrorStrategy.Retry(3).When(_ => throw new InvalidOperationException("predicate")));

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal((Status.Failed, 1), (result.Status, result.Attempts));
        Assert.Equal(["boom", "predicate"], Assert.IsType<AggregateException>(result.Error).InnerExceptions.Select(error => error.Message));
    }

    [Fact]
    public async Task A_callback_on_a_token_that_throws_or_blocks_has_no_effect_on_the_run()
    {
        using ManualResetEventSlim block = new();
        var plan = Plans.Plan();
        Gate running = new();
        plan.TaskFunc("a", async (_, cancellationToken) =>
        {
            await using var blocks = cancellationToken.Register(block.Wait);
            await using var throws = cancellationToken.Register(() => throw new InvalidOperationException("callback"));
            running.Started.SetResult();
            await running.Result.Task;
            return Plans.Unchanged;
        });
        plan.TaskFunc("b", async (_, _) =>
        {
            await running.Started.Task;
            throw new InvalidOperationException("boom");
        });
        plan.Does("repair", also: () =>
        {
            block.Set();
            running.Open();
        }).DependsOn(plan.Tasks[1]).OnlyIfFailed();

        Assert.Equal([Status.Unchanged, Status.Failed, Status.Unchanged], (await plan.ToEndAsync()).Statuses());
    }

    [Fact]
    public async Task The_execution_context_flows_into_bodies_guards_and_hooks()
    {
        AsyncLocal<string> flowing = new() { Value = "from the caller" };
        List<string?> seen = [];
        var plan = Plans.Plan(new() { Hooks = new() { BeforeTask = _ => seen.Add(flowing.Value) } });
        plan.Does("a", also: () => seen.Add(flowing.Value)).When(_ => flowing.Value is not null);

        await plan.ToEndAsync();

        Assert.Equal(["from the caller", "from the caller"], seen);
    }

    [Fact]
    public async Task A_body_runs_on_the_thread_pool_without_the_callers_context()
    {
        var (onPool, context) = (false, new SynchronizationContext());
        var plan = Plans.Plan();
        plan.Does("a", also: () => (onPool, context) = (Thread.CurrentThread.IsThreadPoolThread, SynchronizationContext.Current!));

        await plan.ToEndAsync();

        Assert.True(onPool);
        Assert.Null(context);
    }

    private static void Spoil(JsonObject? data, IReadOnlyList<HostResult> hosts)
    {
        data?.Clear();
        foreach (var host in hosts)
            host.Data!["value"] = -1;
    }

    private sealed class BrokenList : IReadOnlyList<HostResult>
    {
        public int Count => 1;

        public HostResult this[int index] => throw new InvalidOperationException("broken");

        public IEnumerator<HostResult> GetEnumerator() => throw new InvalidOperationException("broken");

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [Fact]
    public async Task A_body_that_uses_the_client_of_a_plan_without_one_fails_with_the_reason()
    {
        var plan = Plans.Continuing();
        plan.TaskFunc("calls", async (client, cancellationToken) => Result.FromCollection(await client.Node.HostnameAsync("_any", cancellationToken: cancellationToken)));
        plan.TaskFuncWithResults("reads", async (client, _, cancellationToken) =>
        {
            await client.Health.LivenessAsync(cancellationToken: cancellationToken);
            return Plans.Unchanged;
        });
        plan.TaskFunc("has none", (_, _) => Task.FromResult(Plans.Unchanged));

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, Status.Failed, Status.Unchanged], report.Statuses());
        Assert.All(report.Tasks.Take(2), task => Assert.Equal("the body calls the client, but the plan was made without one: new Plan(client)", task.Error!.Message));
        Assert.Null(plan.Client);
    }

    [Theory]
    [InlineData("", Status.Changed)]
    [InlineData(null, Status.Changed)]
    [InlineData(" ", Status.Failed)]
    [InlineData("no", Status.Failed)]
    public async Task An_empty_error_of_a_host_is_none(string? error, Status status)
    {
        var plan = Plans.Continuing();
        plan.TaskFunc("a", (_, _) => Task.FromResult(new Result { HostResults = [new() { Hostname = "web-01", Changed = true, Error = error }] }));

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal((status, status), (result.Status, result.HostResults[0].Status));
    }
}
