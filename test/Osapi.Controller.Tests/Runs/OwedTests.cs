using Osapi.Controller.Runs;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of owed steps over several runs: for each run in the order of the log, minus what it took, plus what it says at its end.</summary>
public sealed class OwedTests : RunTest
{
    [Fact]
    public async Task What_a_run_owes_at_its_end_goes_to_the_next_one_once()
    {
        var first = await OwingAsync("web-01", "web-02");
        Assert.Equal("restart@web-01, restart@web-02", Text((await first.Client.Run.GetAsync(first.Id, cancellationToken: Token)).Owed));
        var second = NewRunner();
        Assert.Equal("restart@web-01, restart@web-02", Text((await second.StartAsync("deploy", Token)).Owed));
        Assert.All(await OwedAsync(), step => Assert.Equal(second.Id, step.TakenBy));

        await second.AppendAsync(Token, PlanRunner.Ended("restart", "web-01", "changed"), PlanRunner.Over("failed", new OwedStep { Task = "restart", Host = "web-02" }));

        var owed = Assert.Single(await OwedAsync());
        Assert.Equal(("deploy", "restart", "web-02", first.Id, "alice", null), (owed.Plan, owed.Task, owed.Host, owed.Run, owed.Caller, owed.TakenBy));
        var third = NewRunner();
        await third.StartAsync("deploy", Token);
        await third.AppendAsync(Token, PlanRunner.Over("succeeded"));
        Assert.Empty(await OwedAsync());
    }

    [Fact]
    public async Task A_concurrent_run_takes_none_and_what_it_owes_is_for_the_next_one()
    {
        await OwingAsync("web-01");
        var concurrent = NewRunner();

        Assert.Empty((await concurrent.StartAsync("deploy", Token, request => request with { Concurrent = true })).Owed);
        var next = NewRunner();
        await next.StartAsync("deploy", Token);
        await concurrent.AppendAsync(Token, PlanRunner.Over("failed", new OwedStep { Task = "restart", Host = "web-01" }));
        await next.AppendAsync(Token, PlanRunner.Over("succeeded"));

        Assert.Equal(concurrent.Id, Assert.Single(await OwedAsync()).Run);
    }

    [Fact]
    public async Task Steps_are_forgotten_by_task_and_host_and_by_a_run_that_wants_none()
    {
        await OwingAsync("web-01", "web-02", "web-03");
        var client = NewRunner().Client;

        Assert.Equal("restart@web-02", Text((await client.Run.ForgetOwedAsync(new() { Plan = "deploy", Host = "web-02" }, cancellationToken: Token)).Items));
        Assert.Empty((await client.Run.ForgetOwedAsync(new() { Plan = "deploy", Task = "config" }, cancellationToken: Token)).Items);
        Assert.Equal("restart@web-01, restart@web-03", Text(await OwedAsync()));
        Assert.Empty((await NewRunner().StartAsync("deploy", Token, request => request with { ForgetOwed = true })).Owed);
        Assert.Empty(await OwedAsync());
    }

    [Fact]
    public async Task After_30_days_a_step_is_named_and_not_given_to_a_run()
    {
        await OwingAsync("web-01");
        // The clock jumps: to fire every timer of 30 days takes a minute.
        fixture.Time.AdjustTime(fixture.Time.GetUtcNow() + RunStart.MaxOwedAge);

        Assert.Empty((await NewRunner().StartAsync("deploy", Token)).Owed);
        Assert.Null(Assert.Single(await OwedAsync()).TakenBy);
    }

    [Fact]
    public async Task A_run_that_goes_on_after_its_end_has_again_what_it_owed()
    {
        var first = await OwingAsync("web-01", "web-02");
        var again = NewRunner();
        await again.TakeOverAsync(first.Id, Token);
        Assert.All(await OwedAsync(), step => Assert.Equal(first.Id, step.TakenBy));

        await again.AppendAsync(Token, PlanRunner.Over("failed", new OwedStep { Task = "restart", Host = "web-02" }));

        Assert.Equal("restart@web-02", Text(await OwedAsync()));
        Assert.Equal("restart@web-02", Text((await NewRunner().StartAsync("deploy", Token)).Owed));
    }

    [Fact]
    public async Task A_runner_cannot_make_another_run_the_origin()
    {
        var other = await OwingAsync("web-01");
        var runner = NewRunner("mallory");
        await runner.StartAsync("backup", Token);

        await runner.AppendAsync(Token, PlanRunner.Over("failed", new OwedStep { Plan = "deploy", Task = "restart", Host = "web-09", Run = other.Id, Caller = "alice", Since = new(1999, 1, 1, 0, 0, 0, TimeSpan.Zero), TakenBy = other.Id }));

        var owed = Assert.Single((await runner.Client.Run.OwedAsync(new() { Plan = "backup" }, cancellationToken: Token)).Items);
        Assert.Equal((runner.Id, "mallory", null), (owed.Run, owed.Caller, owed.TakenBy));
        Assert.Equal(2026, owed.Since!.Value.Year);
    }

    [Fact]
    public async Task The_read_model_that_is_lost_says_the_same_when_it_is_rebuilt()
    {
        var first = await OwingAsync("web-01", "web-02", "web-03");
        var second = NewRunner();
        await second.StartAsync("deploy", Token);
        await second.AppendAsync(Token, PlanRunner.Over("failed", new OwedStep { Task = "restart", Host = "web-02" }, new OwedStep { Task = "restart", Host = "web-03" }));
        await first.Client.Run.ForgetOwedAsync(new() { Plan = "deploy", Host = "web-03" }, cancellationToken: Token);
        // What it did for the first run stays done when it is gone.
        var third = NewRunner();
        await third.StartAsync("deploy", Token);
        await third.AppendAsync(Token, PlanRunner.Over("succeeded"));
        await third.Client.Run.DeleteAsync(third.Id, cancellationToken: Token);
        var before = Text(await OwedAsync());

        await fixture.StopAsync();
        File.Delete(Path.Combine(fixture.Directory, RunServices.IndexFile));
        await fixture.StartAsync();

        Assert.Equal(("", ""), (before, Text(await OwedAsync())));
        Assert.Equal(2, (await NewRunner().Client.Run.ListAsync(cancellationToken: Token)).Items.Count);
    }

    private async Task<PlanRunner> OwingAsync(params IReadOnlyList<string> hosts)
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        await runner.AppendAsync(Token, PlanRunner.Over("failed", [.. hosts.Select(host => new OwedStep { Task = "restart", Host = host, Operation = "command.exec.execute" })]));
        return runner;
    }

    private async Task<IReadOnlyList<OwedStep>> OwedAsync() => (await NewRunner().Client.Run.OwedAsync(cancellationToken: Token)).Items;
}
