using Osapi.Operations;
using Osapi.Operations.Health;
using Osapi.Operations.Node;

namespace Osapi.Orchestrator.Tests;

public sealed class PlanCheckTests
{
    [Fact]
    public async Task All_problems_are_reported_at_once()
    {
        var foreign = Plans.Plan().Does("foreign");
        var plan = Plans.Plan();
        plan.Does("a");
        plan.Does("a");
        plan.Does("a");
        plan.Does(" ");
        plan.TaskFunc(null!, null!);
        plan.TaskFuncWithResults("no body", null!);
        plan.Does("lost").DependsOn(foreign, null!);
        plan.Does("change").OnlyIfChanged().OnlyIfFailed();
        var x = plan.Does("x").DependsOn(plan.Tasks[0]);
        var y = plan.Does("y").DependsOn(x);
        var z = plan.Does("z").DependsOn(y);
        x.DependsOn(z);
        plan.Does("behind").DependsOn(z);
        var self = plan.Does("self");
        self.DependsOn(self);

        var exception = await Assert.ThrowsAsync<InvalidPlanException>(() => plan.ToEndAsync());

        Assert.Equal(
            [
                "duplicate task name: \"a\"",
                "task 4 has no name",
                "task 5 has no name",
                "task \"\" has no body",
                "task \"no body\" has no body",
                "task \"lost\" depends on \"foreign\", which is not in the plan",
                "task \"lost\" depends on null",
                "task \"change\" runs only if a dependency changed, but has no dependencies",
                "task \"change\" runs only if a dependency failed, but has no dependencies",
                "cycle detected: \"x\" depends on \"z\" depends on \"y\" depends on \"x\"",
                "cycle detected: \"self\" depends on \"self\"",
            ],
            exception.Errors.Select(error => error.Message));
        Assert.Equal(["a", "", "", "", "no body", "lost", "lost", "change", "change", "x", "self"], exception.Errors.Select(error => error.Task));
        Assert.StartsWith("invalid plan: duplicate task name: \"a\"; task 4 has no name; ", plan.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_that_cannot_be_made_are_errors()
    {
        var plan = Plans.Plan();
        plan.Task("no operation", null!, Target.Any, new GetHostname());
        plan.Task("no target", NodeOperations.Hostname, null, (object)new GetHostname());
        plan.Task("a target", (Operation)HealthOperations.Liveness, Target.Any, new GetLiveness());
        plan.Task("wrong request", (Operation)NodeOperations.Hostname, Target.Any, new GetLiveness());
        plan.Task("no request", (Operation)NodeOperations.Hostname, Target.Any, null!);
        plan.Task("bad request", TestOperations.Write, "_any", new() { Path = "", Count = 0 });
        plan.Task("unwritable", TestOperations.Write, "_any", new() { Path = null! });
        plan.Task("good request", TestOperations.Write, "_any", new() { Path = "/etc/motd", Count = 1 });

        Assert.Equal(
            [
                "task \"no operation\" has no operation",
                "task \"no target\" calls node.hostname.get, which runs on hosts and needs a target",
                "task \"a target\" calls health.liveness.get, which the controller answers itself: it takes no target",
                "task \"wrong request\" calls node.hostname.get with a request of type GetLiveness instead of GetHostname",
                "task \"no request\" calls node.hostname.get with a request of type null instead of GetHostname",
                "task \"bad request\" calls test.write.execute with a wrong request: path must not be empty; count must be between 1 and 9",
            ],
            plan.Validate().Select(error => $"{error}").Where(error => !error.Contains("unwritable", StringComparison.Ordinal)));
        Assert.Contains(plan.Validate(), error => error.Message.StartsWith("task \"unwritable\" calls test.write.execute with a wrong request: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_without_a_client_can_be_explained_but_cannot_call()
    {
        var plan = Plans.Plan();
        plan.Task("hostname", NodeOperations.Hostname, "_any");
        plan.Does("a");

        Assert.Empty(plan.Validate());
        Assert.Contains("hostname [node.hostname.get _any]", plan.Explain(), StringComparison.Ordinal);
        var exception = await Assert.ThrowsAsync<InvalidPlanException>(() => plan.ToEndAsync());
        Assert.Equal("invalid plan: task \"hostname\" calls node.hostname.get, but the plan has no client", exception.Message);
    }

    [Fact]
    public async Task An_invalid_plan_can_be_corrected()
    {
        var plan = Plans.Plan();
        plan.Does("a");
        var second = plan.Does("a");
        await Assert.ThrowsAsync<InvalidPlanException>(() => plan.ToEndAsync());

        second.Name = "b";

        Assert.True((await plan.ToEndAsync()).Succeeded);
    }

    [Fact]
    public async Task An_empty_plan_has_no_levels_and_succeeds()
    {
        Trace trace = new();
        var plan = Plans.Plan(new() { Hooks = trace.Hooks });

        var report = await plan.ToEndAsync();

        Assert.Equal("Plan: 0 tasks, 0 levels\n", plan.Explain());
        Assert.Equal((0, PlanOutcome.Succeeded, 0), (report.Tasks.Count, report.Outcome, report.CriticalPath.Count));
        Assert.Equal(["before-plan", "after-plan"], trace.Events);
    }

    [Fact]
    public void A_dependency_named_twice_counts_twice_without_effect()
    {
        var plan = Plans.Plan();
        var a = plan.Does("a");
        plan.Does("b").DependsOn(a, a).DependsOn(a);

        Assert.Equal("  b [fn] <- a, a, a", plan.Explain().Split('\n')[^2]);
        Assert.Empty(plan.Validate());
    }

    [Fact]
    public void Arguments_that_make_no_sense_are_refused_at_once()
    {
        var task = Plans.Plan().Does("a");

        Assert.Throws<ArgumentOutOfRangeException>(() => ErrorStrategy.Retry(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ErrorStrategy.Retry(1, TimeSpan.FromTicks(-1), TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => ErrorStrategy.Retry(1, TimeSpan.FromTicks(2), TimeSpan.FromTicks(1)));
        Assert.Throws<ArgumentException>(() => ErrorStrategy.Retry(1).Then(ErrorStrategy.Retry(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => task.Timeout(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => task.Timeout(TimeSpan.FromDays(50)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlanOptions { Deadline = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlanOptions { MaxParallelism = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => HostFailureLimit.Count(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HostFailureLimit.Percent(101));
        Assert.Throws<ArgumentOutOfRangeException>(() => HostFailureLimit.Percent(-1));
        Assert.Throws<ArgumentNullException>(() => task.DependsOn(null!));
        Assert.Throws<ArgumentNullException>(() => task.When((Func<Results, bool>)null!));
        Assert.Throws<ArgumentNullException>(() => task.OnError(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Status)99).ToText());
    }

    [Fact]
    public void Limits_at_their_edge_are_accepted()
    {
        PlanOptions options = new() { MaxParallelism = 1, Deadline = TimeSpan.FromTicks(1) };

        Assert.Equal((1, TimeSpan.FromTicks(1)), (options.MaxParallelism, options.Deadline));
        Assert.Equal(0, ErrorStrategy.Retry(0).RetryCount);
        Assert.Equal(TimeSpan.FromTicks(5), ErrorStrategy.Retry(1, TimeSpan.FromTicks(5), TimeSpan.FromTicks(5)).Max);
        Assert.Equal(["100%", "0"], [$"{HostFailureLimit.Percent(100)}", $"{HostFailureLimit.Count(0)}"]);
        Assert.Equal(TimeSpan.FromMilliseconds(uint.MaxValue - 1), Plans.Plan().Does("a").Timeout(TimeSpan.FromMilliseconds(uint.MaxValue - 1)).TimeLimit);
        Assert.Null(new PlanOptions { MaxParallelism = null, Deadline = null }.Deadline);
    }
}
