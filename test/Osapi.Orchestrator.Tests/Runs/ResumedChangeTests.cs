using Osapi.Operations;
using static Osapi.Orchestrator.Tests.Runs.InterruptedRun;

namespace Osapi.Orchestrator.Tests.Runs;

/// <summary>Tests of changes that an attempt made before the one that succeeded: what reacts to them runs, whichever process sees the end.</summary>
public sealed class ResumedChangeTests
{
    [Fact]
    public async Task A_task_on_any_host_that_changed_and_failed_is_tried_again_there_and_what_reacts_runs()
    {
        var controller = FailsOnce();
        await RunAsync(controller, Any);
        controller.End();

        var report = await ResumeAsync(controller, Any, new() { Plan = "rules", Resume = Id, RetryFailed = true });

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal([("config", 2), ("restart", 1)], controller.Done.Select(done => (done.Key.Task, done.Value)).Order());
        Assert.Single(controller.Done.Keys.Select(done => done.Host).Distinct());
        Assert.True(report.Get("config")!.HostResults[0].Changed);
    }

    [Fact]
    public async Task A_task_on_any_host_that_failed_without_a_change_may_take_another_host()
    {
        RecordedController controller = new(1) { Outcome = (task, _, _) => Outcome.Failed, Changes = (_, _, _) => false };
        await RunAsync(controller, Any);
        controller.End();

        await ResumeAsync(controller, Any, new() { Plan = "rules", Resume = Id, RetryFailed = true });

        Assert.Equal([1, 1], controller.Done.Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_attempt_on_any_host_that_was_killed_is_joined_or_made_and_no_third_one(bool arrives)
    {
        var controller = FailsOnce();
        await KillAsync(controller, AnyTwice, killAt: 2, arrives);

        var report = await ResumeAsync(controller, AnyTwice);

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal([("config", 2), ("restart", 1)], controller.Done.Select(done => (done.Key.Task, done.Value)).Order());
        Assert.Single(controller.Done.Keys.Select(done => done.Host).Distinct());
    }

    [Fact]
    public async Task The_change_of_an_attempt_that_failed_is_known_to_the_process_that_makes_the_next_one()
    {
        var controller = FailsOnce();
        await KillAsync(controller, AllTwice, killAt: 2, arrives: true);

        var report = await ResumeAsync(controller, AllTwice);

        Assert.True(report.Succeeded, report.Summary());
        Assert.All(RecordedController.Hosts, host => Assert.Equal((2, 1), (controller.Done[("config", host)], controller.Done[("restart", host)])));
    }

    [Fact]
    public async Task The_change_is_known_also_when_the_attempt_after_a_retry_is_killed()
    {
        var controller = FailsOnce();
        await RunAsync(controller, Any);
        controller.End();
        await KillAsync(controller, Any, killAt: 1, arrives: true, new() { Plan = "rules", Resume = Id, RetryFailed = true });

        var report = await ResumeAsync(controller, Any, new() { Plan = "rules", Resume = Id, RetryFailed = true });

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal([("config", 2), ("restart", 1)], controller.Done.Select(done => (done.Key.Task, done.Value)).Order());
    }

    // The first attempt changes something and fails, the next one finds nothing to change.
    private static RecordedController FailsOnce() => new(1)
    {
        Outcome = (task, _, times) => task == "config" && times == 1 ? Outcome.Failed : Outcome.Ok,
        Changes = (task, _, times) => task != "config" || times == 1,
    };

    private static void Any(Plan plan) => Reacting(plan, Target.Any);

    private static void AnyTwice(Plan plan) => Reacting(plan, Target.Any).OnError(ErrorStrategy.Retry(1));

    private static void AllTwice(Plan plan) => Reacting(plan, Target.All).OnError(ErrorStrategy.Retry(1));

    private static PlanTask Reacting(Plan plan, Target target)
    {
        var config = plan.Task("config", TestOperations.Append, target, new() { Path = "config" });
        plan.Task("restart", TestOperations.Append, PlanTarget.SameAs(config), new() { Path = "restart" }).DependsOn(config).OnlyIfChanged();
        return config;
    }
}
