namespace Osapi.Orchestrator.Tests.Scenarios;

public sealed class TaskScenarios
{
    private readonly Plan plan = Plans.Plan();

    [Fact, Scenario(69)]
    public void Stop_all_has_a_text() => Assert.Equal("stop_all", ErrorStrategy.StopAll.ToString());

    [Fact, Scenario(70)]
    public void Continue_has_a_text() => Assert.Equal("continue", ErrorStrategy.Continue.ToString());

    [Fact, Scenario(71)]
    public void Retry_has_a_text() => Assert.Equal("retry(3)", ErrorStrategy.Retry(3).ToString());

    [Fact, Scenario(72)]
    public void Stop_all_retries_nothing() => Assert.Equal(0, ErrorStrategy.StopAll.RetryCount);

    [Fact, Scenario(73)]
    public void Continue_retries_nothing() => Assert.Equal(0, ErrorStrategy.Continue.RetryCount);

    [Fact, Scenario(74)]
    public void Retry_says_how_often() => Assert.Equal(5, ErrorStrategy.Retry(5).RetryCount);

    [Fact, Scenario(91)]
    public void A_task_depends_on_another()
    {
        var a = plan.Does("a");

        Assert.Equal([a], plan.Does("b").DependsOn(a).Dependencies);
    }

    [Fact, Scenario(92)]
    public void A_task_depends_on_several()
    {
        var a = plan.Does("a");
        var b = plan.Does("b");

        Assert.Equal([a, b], plan.Does("c").DependsOn(a, b).Dependencies);
    }

    [Fact, Scenario(93)]
    public void Only_if_changed_can_be_chained() => Assert.True(plan.Does("b").DependsOn(plan.Does("a")).OnlyIfChanged().RequiresChange);

    [Fact, Scenario(94)]
    public async Task A_guard_is_kept_and_called()
    {
        var called = 0;
        var task = plan.Does("a").When(_ => ++called == 1);

        await plan.ToEndAsync();

        Assert.True(task.HasGuard);
        Assert.Equal(1, called);
    }

    [Fact, Scenario(95)]
    public void A_task_has_a_name_and_a_function()
    {
        var task = plan.Does("a");

        Assert.Equal(("a", true), (task.Name, task.IsFunc));
    }

    [Fact, Scenario(96)]
    public void A_task_can_be_renamed()
    {
        var task = plan.Does("a");

        task.Name = "b";

        Assert.Equal("b", plan.Tasks[0].Name);
    }

    [Fact, Scenario(97)]
    public async Task A_guard_with_a_reason_may_return_false()
    {
        plan.Does("a").When(_ => false, "not today");

        Assert.Equal("not today", (await plan.ToEndAsync()).Tasks[0].SkipReason);
    }

    [Fact, Scenario(98)]
    public async Task A_guard_with_a_reason_may_return_true()
    {
        plan.Does("a").When(_ => true, "not today");

        Assert.Null((await plan.ToEndAsync()).Tasks[0].SkipReason);
    }

    [Fact, Scenario(99)]
    public void A_task_has_a_strategy_of_its_own() => Assert.Equal("continue", plan.Does("a").OnError(ErrorStrategy.Continue).ErrorStrategy!.ToString());

    // Differs: the function itself is not public; running it shows that it is there.
    [Fact, Scenario(100)]
    public async Task A_task_keeps_its_function()
    {
        var ran = false;
        plan.Does("a", also: () => ran = true);

        await plan.ToEndAsync();

        Assert.True(ran);
    }
}
