using Osapi.Operations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>Tests of runs of a part of a plan.</summary>
public sealed class SelectionTests
{
    private static readonly string[] Hosts = ["web-01", "web-02", "web-03"];

    [Fact]
    public async Task Only_the_named_tasks_run_and_what_they_depend_on_counts_as_done()
    {
        ScriptedFleet fleet = new(Hosts);
        var report = await Chain(fleet, new() { Only = ["configure"] }).ToEndAsync();

        Assert.Equal(["configure web-01,web-02,web-03"], fleet.Calls);
        Assert.Equal("web-01 skipped: not selected, web-02 skipped: not selected, web-03 skipped: not selected", report.Cells("deploy"));
        Assert.Equal(["not selected", null, "not selected"], report.Tasks.Select(task => task.SkipReason));
        Assert.True(report.Succeeded);
        Assert.Equal(ReasonKind.NotSelected, report.Explain("deploy", "web-01")[0].Kind);
    }

    [Fact]
    public async Task Conditions_hold_for_what_is_selected()
    {
        ScriptedFleet fleet = new(Hosts);
        fleet.Script("broken", "web-01", "failed");
        var plan = FleetPlans.Over(fleet, new() { OnError = ErrorStrategy.Continue, Selection = new() { Skip = ["deploy", "between"] } });
        var deploy = plan.On("deploy", "_all");
        plan.On("restart", "_all").DependsOn(deploy).OnlyIfChanged();
        plan.On("repair", "_all").DependsOn(deploy).OnlyIfFailed();
        plan.On("cleanup", "_all").DependsOn(deploy).Always();
        var between = plan.On("between", "web-01").DependsOn(plan.On("broken", "web-01"));
        plan.On("after", "web-01").DependsOn(between);

        var report = await plan.ToEndAsync();

        Assert.Equal(["broken web-01"], fleet.Calls);
        Assert.Equal(
            [SkipReasons.NoDependenciesChanged, SkipReasons.NoDependenciesFailed, SkipReasons.NoDependenciesStarted, SkipReasons.NotSelected, SkipReasons.DependencyFailed],
            new[] { "restart", "repair", "cleanup", "between", "after" }.Select(task => report.Get(task)!.SkipReason));
    }

    [Fact]
    public async Task What_follows_a_change_and_is_not_selected_is_owed()
    {
        ScriptedFleet fleet = new(Hosts);
        fleet.Script("deploy", "web-02", "ok changed");
        var plan = FleetPlans.Over(fleet, new() { Selection = new() { Skip = ["restart"], Limit = "web-01" } });
        var deploy = plan.On("deploy", "_all");
        plan.On("restart", "_all").DependsOn(deploy).OnlyIfChanged();
        plan.On("reload", "_all").DependsOn(plan.Does("render", new() { Changed = true })).OnlyIfChanged();

        var report = await plan.ToEndAsync();

        // The change is not on web-01, and outside of the limit nothing was deployed; what was rendered is owed there.
        Assert.Equal([new("reload", "web-02"), new("reload", "web-03")], report.Owed);
        Assert.Equal("web-01 unchanged, web-02 skipped: not selected, web-03 skipped: not selected", report.Cells("deploy"));

        fleet.Script("deploy", "web-01", "ok changed");
        Assert.Contains(new("restart", "web-01"), (await plan.ToEndAsync()).Owed);
    }

    [Fact]
    public async Task A_limit_holds_for_every_target()
    {
        ScriptedFleet fleet = new(Hosts) { Drained = { "web-02" } };
        var plan = FleetPlans.Over(fleet, new() { Selection = new() { Limit = Target.OfHosts("web-02", "web-03") } });
        var all = plan.On("all", "_all");
        plan.On("one", "_any").DependsOn(all);
        plan.On("same", PlanTarget.SameAs(all)).DependsOn(all);
        plan.On("outside", "web-01").DependsOn(all);

        var report = await plan.ToEndAsync();

        Assert.Equal(["all web-03", "one web-03", "same web-03"], fleet.Calls.Order());
        Assert.Equal("web-01 skipped: not selected, web-02 skipped: the host is drained, web-03 unchanged", report.Cells("all"));
        Assert.Equal("web-01 skipped: not selected", report.Cells("outside"));
        Assert.Equal("web-03 unchanged", report.Cells("same"));
    }

    [Fact]
    public async Task A_task_on_the_hosts_of_one_that_is_not_selected_has_all_of_them()
    {
        ScriptedFleet fleet = new(Hosts);
        var plan = FleetPlans.Over(fleet, new() { Selection = new() { Only = ["restart"], Limit = Target.OfHosts("web-01", "web-02") } });
        var deploy = plan.On("deploy", "_all");
        plan.On("restart", PlanTarget.SameAs(deploy)).DependsOn(deploy);

        await plan.ToEndAsync();

        Assert.Equal(["restart web-01,web-02"], fleet.Calls);
    }

    [Theory]
    [InlineData("configure", "configure, restart")]
    [InlineData("restart", "restart")]
    [InlineData("deploy", "deploy, configure, restart")]
    public void A_run_starts_at_a_task(string name, string selected) =>
        Assert.Equal(selected, string.Join(", ", Chain(new(Hosts), new() { StartAt = name }).SelectedTasks()));

    [Fact]
    public void What_stands_before_the_first_task_runs_only_if_it_needs_it()
    {
        var plan = FleetPlans.Over(new(Hosts), new() { Selection = new() { StartAt = "start" } });
        var (early, needed, start) = (plan.Does("early"), plan.Does("needed"), plan.Does("start"));
        start.DependsOn(needed);
        plan.Does("later").DependsOn(early);
        var needs = plan.Does("late");
        early.DependsOn(needs);
        Assert.Equal("start, later, late", string.Join(", ", plan.SelectedTasks()));

        needs.DependsOn(start);
        Assert.Equal("early, start, later, late", string.Join(", ", plan.SelectedTasks()));
    }

    [Fact]
    public void Names_tags_and_groups_narrow_a_selection()
    {
        Assert.Equal("install[nginx], install[curl]", Selected(new() { Only = ["install"] }));
        Assert.Equal("web/deploy, web/restart", Selected(new() { Only = ["web"] }));
        Assert.Equal("install[curl], web/restart", Selected(new() { Only = ["*r*"], Skip = ["*gin*", "*ploy", "other", "never"] }));
        Assert.Equal("web/deploy, never", Selected(new() { Tags = ["app", "rare"], SkipTags = ["slow"] }));
        Assert.Equal("", Selected(new() { Only = ["install"], Tags = ["app"] }));
        Assert.Equal("install[nginx], install[curl], web/deploy, web/restart, never, other", Selected(new()));

        static string Selected(PlanSelection selection) => string.Join(", ", Named(selection).SelectedTasks());
    }

    [Fact]
    public async Task A_name_that_nothing_has_is_an_error_with_the_nearest_one()
    {
        var plan = Named(new() { Only = ["instal", "web/deplo"], Skip = ["x*"], Tags = ["ap"], SkipTags = ["slov"], StartAt = "othe", Limit = "_any" });
        var error = await Assert.ThrowsAsync<InvalidPlanException>(plan.ToEndAsync);

        Assert.Equal(
            [
                "the selection (only): there is no task 'instal'; did you mean 'install'?",
                "the selection (only): there is no task 'web/deplo'; did you mean 'web/deploy'?",
                "the selection (skip): there is no task 'x*'",
                "the selection (start-at): there is no task 'othe'; did you mean 'other'?",
                "the selection (tags): no task has the tag 'ap'; did you mean 'app'?",
                "the selection (skip-tags): no task has the tag 'slov'; did you mean 'slow'?",
                "the selection (limit): _any names no hosts: a limit is _all, a host, a list of hosts or a label",
            ],
            error.Errors.Select(one => one.Message));
        Assert.Equal(7, plan.Validate().Count);
    }

    [Fact]
    public async Task A_limit_that_the_controller_cannot_tell_stops_the_plan()
    {
        ScriptedFleet fleet = new(Hosts);
        var unknown = await Assert.ThrowsAsync<InvalidPlanException>(Chain(fleet, new() { Limit = "web-09" }).ToEndAsync);
        Assert.Equal("the selection (limit): target web-09 matches no host", Assert.Single(unknown.Errors).Message);

        var old = new Plan(null, new() { Invoker = new ScriptedInvoker(), Selection = new() { Limit = "web-01" } });
        old.On("deploy", "_all");
        var errors = (await Assert.ThrowsAsync<InvalidPlanException>(old.ToEndAsync)).Errors;
        Assert.Equal(["the selection (limit): the controller does not tell the hosts of web-01", "task \"deploy\": the controller does not tell its hosts, so that they cannot be limited to web-01"], errors.Select(error => error.Message));
        Assert.Empty(fleet.Calls);
    }

    [Fact]
    public async Task The_hosts_of_a_task_that_is_not_selected_may_be_wrong()
    {
        ScriptedFleet fleet = new(Hosts);
        var plan = FleetPlans.Over(fleet, new() { Selection = new() { Only = ["deploy"] } });
        plan.On("deploy", "_all").DependsOn(plan.On("elsewhere", "group:none"));

        Assert.True((await plan.ToEndAsync()).Succeeded);
        Assert.Contains("  elsewhere [test.write.execute group:none] - not selected\n", plan.Explain(), StringComparison.Ordinal);
    }

    private static Plan Chain(ScriptedFleet fleet, PlanSelection selection)
    {
        var plan = FleetPlans.Over(fleet, new() { Selection = selection });
        var deploy = plan.On("deploy", "_all");
        var configure = plan.On("configure", "_all").DependsOn(deploy);
        plan.On("restart", "_all").DependsOn(configure);
        return plan;
    }

    private static Plan Named(PlanSelection selection)
    {
        var plan = FleetPlans.Over(new(Hosts), new() { Selection = selection });
        plan.Does("install[nginx]");
        plan.Does("install[curl]");
        plan.Does("web/deploy").Tagged("app");
        plan.Does("web/restart").Tagged("app", "slow");
        plan.Does("never").Tagged("rare").DependsOn(plan.Tasks[0]);
        plan.Does("other");
        return plan;
    }
}
