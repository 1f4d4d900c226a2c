namespace Osapi.Orchestrator.Tests.Scenarios;

public sealed class HookScenarios
{
    private readonly Trace trace = new();

    [Fact, Scenario(20)]
    public async Task Hooks_are_called_in_order()
    {
        Plan plan = new(null, new() { Hooks = trace.Hooks });
        var a = plan.Does("a", Plans.Changed);
        plan.Does("b").DependsOn(a);

        await plan.ToEndAsync();

        Assert.Equal(
            [
                "before-plan", "before-level-0", "before-a", "after-a", "after-level-0",
                "before-level-1", "before-b", "after-b", "after-level-1", "after-plan",
            ],
            trace.Events);
    }

    [Fact, Scenario(21)]
    public async Task The_retry_hook_gets_each_failed_attempt_and_its_error()
    {
        Plan plan = new(null, new() { Hooks = new() { OnRetry = trace.Hooks.OnRetry }, OnError = ErrorStrategy.Retry(2) });
        plan.FailsAtFirst("a", times: 2);

        await plan.ToEndAsync();

        Assert.Equal(["retry-a-1-failure 1", "retry-a-2-failure 2"], trace.Events);
    }

    [Fact, Scenario(22)]
    public async Task The_skip_hook_gets_the_reason_of_a_failed_dependency()
    {
        Plan plan = new(null, new() { Hooks = new() { OnSkip = trace.Hooks.OnSkip }, OnError = ErrorStrategy.Continue });
        plan.Does("b").DependsOn(plan.Fails("a"));

        var report = await plan.ToEndAsync();

        Assert.Equal(["skip-b-dependency failed"], trace.Events);
        Assert.Equal("dependency failed", report.Get("b")!.SkipReason);
    }

    [Fact, Scenario(23)]
    public async Task The_skip_hook_gets_the_reason_of_a_guard() => Assert.Equal(["skip-b-guard returned false"], await SkipsAsync(b => b.When(_ => false)));

    [Fact, Scenario(24)]
    public async Task The_skip_hook_gets_the_guards_own_reason() => Assert.Equal(["skip-b-not today"], await SkipsAsync(b => b.When(_ => false, "not today")));

    [Fact, Scenario(25)]
    public async Task The_skip_hook_gets_the_reason_that_nothing_changed() => Assert.Equal(["skip-b-no dependencies changed"], await SkipsAsync(b => b.OnlyIfChanged()));

    [Fact, Scenario(27)]
    public async Task A_skip_needs_no_hooks()
    {
        var plan = Plans.Continuing();
        plan.Does("b").DependsOn(plan.Fails("a"));

        Assert.Equal(Status.Skipped, (await plan.ToEndAsync()).Get("b")!.Status);
    }

    [Fact, Scenario(75)]
    public void Hooks_are_kept_and_can_be_called()
    {
        Plan plan = new(null, new() { Hooks = trace.Hooks });

        plan.Options.Hooks.BeforePlan!(new(0, []));

        Assert.Equal(["before-plan"], trace.Events);
    }

    [Fact, Scenario(76)]
    public void No_hook_is_set_by_default() =>
        Assert.All(typeof(Hooks).GetProperties(), hook => Assert.Null(hook.GetValue(new PlanOptions().Hooks)));

    private async Task<IReadOnlyList<string>> SkipsAsync(Func<PlanTask, PlanTask> modify)
    {
        Plan plan = new(null, new() { Hooks = new() { OnSkip = trace.Hooks.OnSkip } });
        var a = plan.Does("a");
        modify(plan.Does("b").DependsOn(a));
        await plan.ToEndAsync();
        return trace.Events;
    }
}
