namespace Osapi.Orchestrator.Tests.Scenarios;

public sealed class ResultsSeenScenarios
{
    [Fact, Scenario(42)]
    public async Task A_later_task_sees_a_skip_for_want_of_change() =>
        Assert.Equal(Status.Skipped, await SeenAsync(plan => plan.Does("child").DependsOn(plan.Does("root")).OnlyIfChanged()));

    [Fact, Scenario(43)]
    public async Task A_later_task_sees_a_failure() => Assert.Equal(Status.Failed, await SeenAsync(plan => plan.Fails("child")));

    [Fact, Scenario(44)]
    public async Task A_later_task_sees_a_skip_by_a_guard() => Assert.Equal(Status.Skipped, await SeenAsync(plan => plan.Does("child").When(_ => false)));

    [Fact, Scenario(45)]
    public async Task A_later_task_sees_a_skip_after_a_failure() =>
        Assert.Equal(Status.Skipped, await SeenAsync(plan => plan.Does("child").DependsOn(plan.Fails("root"))));

    [Fact, Scenario(46)]
    public async Task A_later_task_sees_a_change() => Assert.Equal(Status.Changed, await SeenAsync(plan => plan.Does("child", Plans.Changed)));

    [Fact, Scenario(47)]
    public async Task A_later_task_sees_that_nothing_changed() => Assert.Equal(Status.Unchanged, await SeenAsync(plan => plan.Does("child")));

    [Fact, Scenario(48)]
    public async Task A_guard_sees_that_a_dependency_was_skipped()
    {
        Status? seen = null;
        var plan = Plans.Plan();
        var skipped = plan.Does("skipped").When(_ => false);
        plan.Does("observer").DependsOn(skipped).When(results =>
        {
            seen = results.Get("skipped")!.Status;
            return true;
        });

        var report = await plan.ToEndAsync();

        Assert.Equal(Status.Skipped, seen);
        Assert.Equal(Status.Unchanged, report.Get("observer")!.Status);
    }

    [Fact, Scenario(49)]
    public async Task A_body_reads_the_data_of_a_dependency()
    {
        string? seen = null;
        var plan = Plans.Plan();
        var a = plan.Does("a", new() { Data = new() { ["hostname"] = "web-01" } });
        plan.TaskFuncWithResults("b", (_, results, _) =>
        {
            seen = (string?)results.Get("a")!.Data!["hostname"];
            return Task.FromResult(Plans.Unchanged);
        }).DependsOn(a);

        await plan.ToEndAsync();

        Assert.Equal("web-01", seen);
    }

    [Fact, Scenario(50)]
    public async Task The_report_carries_the_data_of_a_task()
    {
        var plan = Plans.Plan();
        plan.Does("a", new() { Data = new() { ["stdout"] = "hello" } });

        Assert.Equal("hello", (string?)(await plan.ToEndAsync()).Tasks[0].Data!["stdout"]);
    }

    [Fact, Scenario(54)]
    public async Task A_failed_task_keeps_what_it_returned()
    {
        var plan = Plans.Plan();
        plan.Does("a", new()
        {
            Error = new InvalidOperationException("boom"),
            Changed = true,
            HostResults = [new() { Hostname = "web-01", Changed = true }, new() { Hostname = "web-02", Error = "refused" }],
        });

        var result = Assert.Single((await plan.ToEndAsync()).Tasks);

        Assert.Equal((Status.Failed, true, "boom", 2), (result.Status, result.Changed, result.Error!.Message, result.HostResults.Count));
    }

    [Fact, Scenario(89)]
    public async Task Results_find_a_task_by_its_name()
    {
        Result? found = null;
        var plan = Plans.Plan();
        var a = plan.Does("a", Plans.Changed);
        plan.Does("b").DependsOn(a).When(results => (found = results.Get("a")) is not null);

        await plan.ToEndAsync();

        Assert.True(found!.Changed);
    }

    [Fact, Scenario(90)]
    public async Task Results_have_nothing_for_a_name_that_is_not_in_the_plan()
    {
        var plan = Plans.Plan();
        var a = plan.Does("a");
        plan.Does("b").DependsOn(a).When(results => results.Get("c") is null);

        Assert.Equal(Status.Unchanged, (await plan.ToEndAsync()).Get("b")!.Status);
    }

    private static async Task<Status?> SeenAsync(Func<Plan, PlanTask> child)
    {
        Status? seen = null;
        var plan = Plans.Continuing();
        plan.Does("observer").DependsOn(child(plan)).When(results => (seen = results.Get("child")!.Status) is not null);
        await plan.ToEndAsync();
        return seen;
    }
}
