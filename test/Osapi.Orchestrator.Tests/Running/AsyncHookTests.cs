namespace Osapi.Orchestrator.Tests.Running;

/// <summary>Each event has an asynchronous form, which the run waits for.</summary>
public sealed class AsyncHookTests
{
    private readonly Trace told = new();

    // Recorded after a wait, so that a hook that is not awaited would be too late or out of order.
    private Hooks Async => new()
    {
        BeforePlanAsync = _ => LaterAsync("before-plan"),
        AfterPlanAsync = _ => LaterAsync("after-plan"),
        BeforeLevelAsync = level => LaterAsync($"before-level-{level.Level}"),
        AfterLevelAsync = level => LaterAsync($"after-level-{level.Level}"),
        BeforeTaskAsync = task => LaterAsync($"before-{task}"),
        AfterTaskAsync = (task, _) => LaterAsync($"after-{task}"),
        OnRetryAsync = (task, attempt) => LaterAsync($"retry-{task}-{attempt.Number}-{attempt.Error.Message}"),
        OnSkipAsync = (task, reason) => LaterAsync($"skip-{task}-{reason}"),
    };

    [Fact]
    public async Task They_come_in_the_order_of_events_and_before_the_report()
    {
        Trace plain = new();
        var plan = Failing(Hooks.Combine(Async, plain.Hooks));

        await plan.ToEndAsync();

        Assert.Equal(11, told.Events.Count);
        Assert.Equal(plain.Events, told.Events);
    }

    [Fact]
    public async Task All_are_called_although_one_throws_and_their_errors_are_gathered()
    {
        Hooks throwing = new()
        {
            AfterTaskAsync = async (task, _) =>
            {
                await Task.Yield();
                throw new InvalidOperationException($"{task}");
            },
            OnSkipAsync = (_, _) => throw new InvalidOperationException("at once"),
        };

        var report = await Failing(Hooks.Combine(throwing, Async)).ToEndAsync();

        Assert.Equal(11, told.Events.Count);
        Assert.Equal(
            [("AfterTaskAsync", "a", "a"), ("OnSkipAsync", "b", "at once"), ("AfterTaskAsync", "b", "b")],
            report.HookErrors.Select(error => (error.Hook, error.Task, error.Error.Message)));
    }

    [Fact]
    public async Task The_plan_continues_while_a_hook_waits_and_the_next_hook_starts_afterwards()
    {
        Gate gate = new();
        var plan = Plans.Plan(new()
        {
            Hooks = new()
            {
                BeforeTaskAsync = async task =>
                {
                    told.Add($"begins {task}");
                    await gate.Result.Task;
                    told.Add($"ends {task}");
                },
                AfterPlan = _ => gate.Open(),
            },
        });
        plan.Does("b", also: () => told.Add("body b")).DependsOn(plan.Does("a"));

        await plan.ToEndAsync();

        Assert.Equal(["begins a", "ends a", "begins b", "ends b"], told.Events.Where(text => text != "body b"));
        Assert.True(told.Events.ToList().IndexOf("body b") < told.Events.ToList().IndexOf("ends a"));
    }

    private static Plan Failing(Hooks hooks)
    {
        var plan = Plans.Plan(new() { Hooks = hooks, OnError = ErrorStrategy.Retry(1).Then(ErrorStrategy.Continue) });
        plan.Does("b").DependsOn(plan.Fails("a"));
        return plan;
    }

    private async ValueTask LaterAsync(string text)
    {
        await Task.Yield();
        told.Add(text);
    }
}
