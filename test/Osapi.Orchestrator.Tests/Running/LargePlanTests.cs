namespace Osapi.Orchestrator.Tests.Running;

public sealed class LargePlanTests
{
    private const int Size = 100_000;

    [Fact]
    public async Task A_chain_of_100_000_tasks_runs()
    {
        var plan = Plans.Plan();
        var last = plan.Does("0");
        for (var place = 1; place < Size; place++)
            last = plan.Does($"{place}").DependsOn(last);

        var report = await plan.ToEndAsync();

        Assert.True(report.Succeeded);
        Assert.Equal(Size, report.CriticalPath.Count);
        Assert.Equal(Size, plan.Levels().Count);
    }

    [Fact]
    public async Task A_chain_of_100_000_tasks_is_skipped_and_cancelled_without_a_deep_stack()
    {
        foreach (var strategy in (ErrorStrategy[])[ErrorStrategy.Continue, ErrorStrategy.StopAll])
        {
            var plan = Plans.Plan(new() { OnError = strategy });
            var last = plan.Fails("0");
            for (var place = 1; place < Size; place++)
                last = plan.Does($"{place}").DependsOn(last);

            var report = await plan.ToEndAsync();

            Assert.Equal(Size - 1, report.Tasks.Count(task => task.Status == (strategy == ErrorStrategy.Continue ? Status.Skipped : Status.Cancelled)));
        }
    }

    [Fact]
    public async Task A_fan_of_100_000_tasks_runs()
    {
        var plan = Plans.Plan();
        var root = plan.Does("root");
        for (var place = 1; place < Size; place++)
            plan.Does($"{place}").DependsOn(root);
        PlanTask[] all = [.. plan.Tasks];
        plan.Does("end").DependsOn(all);

        var report = await plan.ToEndAsync();

        Assert.Equal(Size + 1, report.Tasks.Count);
        Assert.Equal("end", report.Tasks[^1].Name);
        Assert.Equal(3, report.CriticalPath.Count);
    }

    [Fact]
    public void A_cycle_of_100_000_tasks_is_found()
    {
        var plan = Plans.Plan();
        var last = plan.Does("0");
        for (var place = 1; place < Size; place++)
            last = plan.Does($"{place}").DependsOn(last);
        plan.Tasks[0].DependsOn(last);

        Assert.StartsWith("cycle detected: \"0\" depends on \"99999\" depends on", Assert.Single(plan.Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_reads_far_behind_itself()
    {
        var plan = Plans.Plan();
        var last = plan.Does("0", Plans.Changed);
        for (var place = 1; place < 10_000; place++)
            last = plan.Does($"{place}").DependsOn(last);
        plan.Does("end").DependsOn(last).When(results => results.Get("0")!.Changed);

        Assert.Equal(Status.Unchanged, (await plan.ToEndAsync()).Get("end")!.Status);
    }
}
