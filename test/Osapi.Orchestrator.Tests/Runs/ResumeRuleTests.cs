using Osapi.Operations;
using Osapi.Operations.Runs;
using static Osapi.Orchestrator.Tests.Runs.InterruptedRun;

namespace Osapi.Orchestrator.Tests.Runs;

/// <summary>Tests of the rules by which a run goes on: each names what had happened before.</summary>
public sealed class ResumeRuleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_that_is_not_kept_any_more_is_unknown_and_not_submitted_again()
    {
        var controller = NewController();
        await KillAsync(controller, Write, killAt: 1, arrives: true);
        controller.RemoveJobs(DateTimeOffset.UnixEpoch.AddDays(8));

        var report = await ResumeAsync(controller, Write);

        Assert.Equal(1, controller.Done[("write", "h1")]);
        Assert.Equal((Status.Failed, Outcome.Unknown), (report.Get("write")!.Status, report.Get("write")!.HostResults[0].Outcome));
    }

    [Fact]
    public async Task A_call_whose_job_is_not_there_yet_is_made()
    {
        var controller = NewController();
        await KillAsync(controller, Write, killAt: 1, arrives: false);

        var report = await ResumeAsync(controller, Write);

        Assert.Equal(1, controller.Done[("write", "h1")]);
        Assert.True(report.Succeeded, report.Summary());
    }

    [Fact]
    public async Task A_job_of_somebody_else_under_the_id_of_a_call_is_no_answer_to_it()
    {
        var controller = NewController();
        await KillAsync(controller, Write, killAt: 1, arrives: false);
        controller.Take(controller.Journal.SelectMany(batch => batch.Entries).Single(entry => entry.Kind == JournalEntryKind.Call).JobId!.Value);

        var report = await ResumeAsync(controller, Write);

        Assert.Equal(Status.Failed, report.Get("write")!.Status);
        Assert.Contains("another caller has taken its id", report.Get("write")!.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(controller.Done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Calls_are_made_for_the_groups_that_were_recorded_whatever_the_requests_are_now(int killAt)
    {
        var controller = NewController();
        await KillAsync(controller, plan => Groups(plan, host => host == "h3" ? "b" : "a"), killAt, arrives: true);

        var report = await ResumeAsync(controller, plan => Groups(plan, host => host == "h1" ? "a" : "b"));

        Assert.True(report.Succeeded, report.Summary());
        // Once on each host, whichever group it was in.
        Assert.Equal([("h1", 1), ("h2", 1), ("h3", 1)], controller.Done.GroupBy(done => done.Key.Host).Select(host => (host.Key, host.Sum(done => done.Value))).Order());

        static void Groups(Plan plan, Func<string, string> pathOf) => plan.Task("write", TestOperations.Append, Target.All, (_, host) => new() { Path = pathOf(host!) });
    }

    [Fact]
    public async Task An_edited_plan_is_refused_and_the_error_names_what_differs()
    {
        var controller = NewController();
        await KillAsync(controller, Write, killAt: 1, arrives: true);

        var refused = await Assert.ThrowsAsync<InvalidPlanException>(() => ResumeAsync(controller, Edited));
        var report = await ResumeAsync(controller, Edited, new() { Plan = "rules", Resume = Id, PlanChanged = true });

        Assert.Contains("changed: last; new: added; removed: middle", refused.Message, StringComparison.Ordinal);
        Assert.True(report.Succeeded, report.Summary());
        // What had run stays as it is, and what was removed is not run.
        Assert.Equal([("added", 1), ("other", 1), ("write", 1)], controller.Done.Where(done => done.Key.Host == "h1").Select(done => (done.Key.Task, done.Value)).Order());

        static void Edited(Plan plan)
        {
            var write = plan.Task("write", TestOperations.Append, "h1", new() { Path = "write" });
            plan.Task("last", TestOperations.Append, "h1", new() { Path = "other" }).DependsOn(write);
            plan.Task("added", TestOperations.Append, "h1", new() { Path = "added" }).DependsOn(write);
        }
    }

    [Fact]
    public async Task A_function_that_had_started_is_called_again_and_one_that_runs_once_fails()
    {
        foreach (var once in (bool[])[false, true])
        {
            var controller = NewController();
            var calls = 0;
            TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
            KillableInvoker invoker = new(controller, int.MaxValue, arrives: true);
            // It never ends; nobody waits for it.
            _ = Build(invoker, Function, new() { Plan = "rules", Id = Id }).RunAsync(Token);
            await started.Task.WaitAsync(Token);
            started = new();
            started.SetResult();

            var report = await ResumeAsync(controller, Function);

            Assert.Equal(once ? 1 : 2, calls);
            Assert.Equal(once ? Status.Failed : Status.Unchanged, report.Get("call")!.Status);

            void Function(Plan plan)
            {
                var first = started;
                var call = plan.TaskFunc("call", async (_, _) =>
                {
                    calls++;
                    var isFirst = first.TrySetResult();
                    if (isFirst)
                        await new TaskCompletionSource().Task;
                    return new Result();
                });
                if (once)
                    call.Once();
            }
        }
    }

    [Fact]
    public async Task A_run_that_has_ended_is_resumed_only_to_try_again_what_failed()
    {
        RecordedController controller = new(1) { Outcome = (task, _, times) => task == "middle" && times == 1 ? Outcome.Failed : Outcome.Ok, Changes = (_, _, _) => true };
        var first = await Build(new(controller, int.MaxValue, arrives: true), Write, new() { Plan = "rules", Id = Id }).RunAsync(Token);
        controller.End();

        var refused = await Assert.ThrowsAsync<InvalidPlanException>(() => ResumeAsync(controller, Write));
        var second = await ResumeAsync(controller, Write, new() { Plan = "rules", Resume = Id, RetryFailed = true });

        Assert.Equal((Status.Failed, Status.Cancelled), (first.Get("middle")!.Status, first.Get("last")!.Status));
        Assert.Contains("has ended", refused.Message, StringComparison.Ordinal);
        Assert.True(second.Succeeded, second.Summary());
        Assert.Equal((true, false), (second.Get("write")!.IsRestored, second.Get("middle")!.IsRestored));
        Assert.Equal([("last", 1), ("middle", 2), ("write", 1)], controller.Done.Select(done => (done.Key.Task, done.Value)).Order());
    }

    [Fact]
    public async Task What_is_not_known_to_have_run_is_tried_again_only_when_it_is_named()
    {
        RecordedController controller = new(1) { Outcome = (task, _, times) => task == "middle" && times == 1 ? Outcome.Unknown : Outcome.Ok, Changes = (_, _, _) => true };
        await Build(new(controller, int.MaxValue, arrives: true), Write, new() { Plan = "rules", Id = Id }).RunAsync(Token);
        controller.End();

        var retried = await ResumeAsync(controller, Write, new() { Plan = "rules", Resume = Id, RetryFailed = true });
        controller.End();
        var rerun = await ResumeAsync(controller, Write, new() { Plan = "rules", Resume = Id, RetryFailed = true, Rerun = ["middle@h1"] });

        Assert.Equal((Status.Failed, true), (retried.Get("middle")!.Status, retried.Get("middle")!.IsRestored));
        Assert.True(rerun.Succeeded, rerun.Summary());
        Assert.Equal(2, controller.Done[("middle", "h1")]);
    }

    [Fact]
    public async Task A_step_that_an_earlier_run_owes_is_done_although_nothing_changes_now()
    {
        RecordedController controller = new(1) { Outcome = (_, _, _) => Outcome.Ok, Changes = (task, _, _) => task != "config" };
        controller.Owed = [Owed("restart", "h2"), Owed("restart", "gone"), Owed("old", "h1")];
        RunBeginning? beginning = null;

        var report = await Build(new(controller, int.MaxValue, arrives: true), plan =>
        {
            var config = plan.Task("config", TestOperations.Write, Target.All, new() { Path = "config" });
            plan.Task("restart", TestOperations.Append, Target.All, new() { Path = "restart" }).DependsOn(config).OnlyIfChanged();
        }, new() { Plan = "rules", Id = Id, Begun = run => beginning = run }).RunAsync(Token);

        Assert.Equal([("restart", "h2")], controller.Done.Keys.Where(done => done.Task == "restart"));
        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal(["restart@h2"], beginning!.Owed.Select(Name));
        Assert.Equal(["restart@gone", "old@h1"], beginning.NotDone.Select(Name));
        // What cannot be done stays owed.
        Assert.Equal(["restart@gone", "old@h1"], controller.Journal.SelectMany(batch => batch.Entries).Single(entry => entry.Kind == JournalEntryKind.Over).Owed.Select(Name));

        static string Name(OwedStep step) => $"{step.Task}@{step.Host}";

        static OwedStep Owed(string task, string host) => new() { Task = task, Host = host, Operation = TestOperations.Append.Id };
    }

    [Fact]
    public async Task A_loop_over_a_changed_list_goes_on_by_the_keys_of_its_items()
    {
        var controller = NewController();
        // When the second item has been called.
        await KillAsync(controller, plan => Loop(plan, "a", "b", "c"), killAt: 2, arrives: true);
        var before = controller.Done.Keys.Select(done => done.Task).Order().ToArray();

        var report = await ResumeAsync(controller, plan => Loop(plan, "c", "d", "a"));

        Assert.Equal(["a", "b"], before);
        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal([("a", 1), ("b", 1), ("c", 1), ("d", 1)], controller.Done.Select(done => (done.Key.Task, done.Value)).Order());

        static void Loop(Plan plan, params string[] keys) =>
            plan.TaskForEach("each", TestOperations.Append, "h1", (_, _) => [.. keys.Select(key => new PlanItem(key, new TestOperations.WriteFile { Path = key }))]);
    }

    [Fact]
    public async Task Of_a_loop_that_is_tried_again_the_items_that_succeeded_are_not()
    {
        RecordedController controller = new(1) { Outcome = (task, _, times) => task == "b" && times == 1 ? Outcome.Failed : Outcome.Ok, Changes = (_, _, _) => true };
        await Build(new(controller, int.MaxValue, arrives: true), Loop, new() { Plan = "rules", Id = Id }).RunAsync(Token);
        controller.End();

        var report = await ResumeAsync(controller, Loop, new() { Plan = "rules", Resume = Id, RetryFailed = true });

        Assert.True(report.Succeeded, report.Summary());
        Assert.Equal([("a", 1), ("b", 2), ("c", 1)], controller.Done.Select(done => (done.Key.Task, done.Value)).Order());

        static void Loop(Plan plan) =>
            plan.TaskForEach("each", TestOperations.Append, "h1", (_, _) => [.. new[] { "a", "b", "c" }.Select(key => new PlanItem(key, new TestOperations.WriteFile { Path = key }))]);
    }

    private static void Write(Plan plan)
    {
        var write = plan.Task("write", TestOperations.Append, "h1", new() { Path = "write" });
        var middle = plan.Task("middle", TestOperations.Append, "h1", new() { Path = "middle" }).DependsOn(write);
        plan.Task("last", TestOperations.Append, "h1", new() { Path = "last" }).DependsOn(middle);
    }
}
