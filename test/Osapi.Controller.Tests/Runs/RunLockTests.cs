using Osapi.Client;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of the lock of a plan's name: one run at a time.</summary>
public sealed class RunLockTests : RunTest
{
    [Fact]
    public async Task Of_fifty_starts_at_once_exactly_one_wins()
    {
        var runners = Enumerable.Range(0, 50).Select(_ => NewRunner()).ToList();

        var results = await Task.WhenAll(runners.Select(async runner =>
        {
            try
            {
                await runner.StartAsync("deploy", Token);
                return runner;
            }
            catch (ConflictException conflict)
            {
                Assert.StartsWith("plan 'deploy' is being run: run ", conflict.Message, StringComparison.Ordinal);
                return null;
            }
        }));

        var winner = Assert.Single(results, runner => runner is not null)!;
        Assert.Equal(winner.Id, Assert.Single((await winner.Client.Run.ListAsync(cancellationToken: Token)).Items).Id);
        await winner.AppendAsync(Token, PlanRunner.Over("succeeded"));
        await NewRunner().StartAsync("deploy", Token);
    }

    [Fact]
    public async Task A_concurrent_run_and_one_of_another_plan_need_not_wait()
    {
        await NewRunner().StartAsync("deploy", Token);

        await NewRunner().StartAsync("backup", Token);
        await NewRunner().StartAsync("deploy", Token, request => request with { Concurrent = true });

        Assert.Equal(3, (await NewRunner().Client.Run.ListAsync(new() { Status = RunStatus.Running }, cancellationToken: Token)).Items.Count);
    }

    [Fact]
    public async Task The_refusal_names_the_run_its_caller_and_its_start()
    {
        var first = NewRunner("alice");
        await first.StartAsync("deploy", Token);

        var refusal = await Assert.ThrowsAsync<ConflictException>(() => NewRunner("bob").StartAsync("deploy", Token));

        Assert.Equal($"plan 'deploy' is being run: run {first.Id}, of alice, since 2026-11-01 12:00:00Z", refusal.Message);
    }

    [Fact]
    public async Task An_interrupted_run_is_superseded_and_cannot_be_resumed()
    {
        var first = await InterruptedAsync("deploy");
        var second = NewRunner();

        Assert.Equal(first.Id, (await second.StartAsync("deploy", Token)).Superseded);

        var run = await second.Client.Run.GetAsync(first.Id, cancellationToken: Token);
        Assert.Equal((RunStatus.Superseded, second.Id), (run.Status, run.SupersededBy));
        foreach (var call in new Func<Task>[] { () => first.AppendAsync(Token, PlanRunner.Over("succeeded")), () => NewRunner().TakeOverAsync(first.Id, Token), () => NewRunner().TakeOverAsync(first.Id, Token, force: true) })
            Assert.Equal($"run {first.Id} was superseded by run {second.Id}", (await Assert.ThrowsAsync<ConflictException>(call)).Message);
    }

    [Fact]
    public async Task A_run_that_ended_goes_on_only_while_no_other_run_of_its_plan_does()
    {
        var first = NewRunner();
        await first.StartAsync("deploy", Token);
        await first.AppendAsync(Token, PlanRunner.Over("failed"));
        var second = NewRunner();
        await second.StartAsync("deploy", Token);

        Assert.StartsWith("plan 'deploy' is being run: ", (await Assert.ThrowsAsync<ConflictException>(() => NewRunner().TakeOverAsync(first.Id, Token))).Message, StringComparison.Ordinal);
        await second.AppendAsync(Token, PlanRunner.Over("succeeded"));
        var again = NewRunner();
        await again.TakeOverAsync(first.Id, Token);

        Assert.Equal(RunStatus.Running, await StatusOfAsync(first.Id));
        await Assert.ThrowsAsync<ConflictException>(() => NewRunner().StartAsync("deploy", Token));
        await again.AppendAsync(Token, PlanRunner.Over("succeeded"));
        await NewRunner().StartAsync("deploy", Token);
    }

    [Fact]
    public async Task A_run_of_another_caller_is_listed_by_caller_plan_status_and_time_in_pages()
    {
        for (var i = 0; i < 7; i++)
        {
            var runner = NewRunner(i % 2 == 0 ? "alice" : "bob");
            await runner.StartAsync($"plan-{i % 3}", Token);
            if (i < 5)
                await runner.AppendAsync(Token, PlanRunner.Over(i == 4 ? "failed" : "succeeded"));
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(4, await CountAsync(new() { Caller = "alice" }));
        Assert.Equal(3, await CountAsync(new() { Plan = "plan-0" }));
        Assert.Equal(1, await CountAsync(new() { Status = RunStatus.Failed }));
        Assert.Equal(2, await CountAsync(new() { Status = RunStatus.Running }));
        Assert.Equal(0, await CountAsync(new() { Status = RunStatus.Interrupted }));
        Assert.Equal(3, await CountAsync(new() { Until = new(2026, 11, 1, 12, 0, 3, TimeSpan.Zero) }));
        fixture.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(2, await CountAsync(new() { Status = RunStatus.Interrupted }));
    }

    private async Task<int> CountAsync(ListRuns filter)
    {
        var client = NewRunner().Client;
        HashSet<RunId> found = [];
        for (long? cursor = null, first = 0; first == 0 || cursor is not null; first = 1)
        {
            var page = await client.Run.ListAsync(filter with { Limit = 2, Cursor = cursor }, cancellationToken: Token);
            Assert.True(page.Items.Count <= 2);
            Assert.All(page.Items, run => Assert.True(found.Add(run.Id)));
            cursor = page.NextCursor;
        }

        return found.Count;
    }
}
