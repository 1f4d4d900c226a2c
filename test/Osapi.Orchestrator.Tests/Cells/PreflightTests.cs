namespace Osapi.Orchestrator.Tests.Cells;

public sealed class PreflightTests
{
    [Fact]
    public async Task A_target_that_matches_nobody_is_told_with_the_other_mistakes_and_nothing_runs()
    {
        ScriptedFleet fleet = new("web-01");
        var ran = false;
        var plan = FleetPlans.Over(fleet);
        plan.Does("first", also: () => ran = true);
        plan.On("known", "_all");
        plan.On("unknown", "group:db");
        plan.On("misspelt", "web-99");
        plan.Does("reacts").OnlyIfChanged();

        var exception = await Assert.ThrowsAsync<InvalidPlanException>(plan.ToEndAsync);

        Assert.Equal(["reacts", "unknown", "misspelt"], exception.Errors.Select(error => error.Task));
        Assert.Equal((false, 0), (ran, fleet.Calls.Count));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_before_anything_runs()
    {
        ScriptedFleet fleet = new("web-01");
        var plan = FleetPlans.Over(fleet);
        plan.On("first", "_all");
        plan.Task("upload", Osapi.Operations.Files.FileOperations.Upload, new() { Name = "app.conf", Path = "/nothing/here.conf" });

        var error = Assert.Single((await Assert.ThrowsAsync<InvalidPlanException>(plan.ToEndAsync)).Errors);

        Assert.Equal("upload", error.Task);
        Assert.Contains("/nothing/here.conf", error.Message, StringComparison.Ordinal);
        Assert.Empty(fleet.Calls);
    }

    [Fact]
    public async Task A_target_may_be_empty_if_the_task_says_so()
    {
        ScriptedFleet fleet = new("web-01");
        var plan = FleetPlans.Over(fleet);
        var optional = plan.On("optional", "group:db").AllowEmpty();
        plan.Does("after").DependsOn(optional);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Skipped, Status.Unchanged], report.Statuses());
        Assert.Equal(SkipReasons.NoHosts, report.Get("optional")!.SkipReason);
    }
}
