using Osapi.Client;
using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Tests;

public sealed class StrategyTests
{
    [Theory]
    [InlineData("plan stops", true)]
    [InlineData("plan continues", false)]
    [InlineData("plan retries", true)]
    [InlineData("plan retries, then continues", false)]
    [InlineData("task retries in a plan that continues", false)]
    [InlineData("task retries in a plan that stops", true)]
    [InlineData("task retries, then stops, in a plan that continues", true)]
    [InlineData("task retries, then continues, in a plan that stops", false)]
    [InlineData("task retries in a plan that retries, then continues", false)]
    [InlineData("task retries in a plan that retries", true)]
    public async Task The_strategy_after_the_last_retry_applies(string case_, bool stops)
    {
        var (retry, stop, go) = (ErrorStrategy.Retry(1), ErrorStrategy.StopAll, ErrorStrategy.Continue);
        (ErrorStrategy OfPlan, ErrorStrategy? OfTask) strategies = case_ switch
        {
            "plan stops" => (stop, null),
            "plan continues" => (go, null),
            "plan retries" => (retry, null),
            "plan retries, then continues" => (retry.Then(go), null),
            "task retries in a plan that continues" => (go, retry),
            "task retries in a plan that stops" => (stop, retry),
            "task retries, then stops, in a plan that continues" => (go, retry.Then(stop)),
            "task retries, then continues, in a plan that stops" => (stop, retry.Then(go)),
            "task retries in a plan that retries, then continues" => (ErrorStrategy.Retry(5).Then(go), retry),
            _ => (ErrorStrategy.Retry(5), retry),
        };
        var plan = Plans.Plan(new() { OnError = strategies.OfPlan });
        var a = plan.Fails("a");
        if (strategies.OfTask is { } own)
            a.OnError(own);
        plan.Does("b").DependsOn(a);

        var report = await plan.ToEndAsync();

        Assert.Equal([Status.Failed, stops ? Status.Cancelled : Status.Skipped], report.Statuses());
        Assert.Equal(case_.Contains("retries", StringComparison.Ordinal) ? 2 : 1, report.Tasks[0].Attempts);
    }

    [Fact]
    public void A_strategy_says_what_it_does()
    {
        Assert.Equal("retry(3).then(continue)", ErrorStrategy.Retry(3).Then(ErrorStrategy.Continue).When(_ => true).ToString());
        Assert.Equal("retry(3).then(stop_all)", ErrorStrategy.Retry(3).When(_ => true).Then(ErrorStrategy.StopAll).ToString());
    }

    [Theory]
    [InlineData("stop_all", true)]
    [InlineData("continue", true)]
    [InlineData("retry(3)", true)]
    [InlineData("retry(0).then(stop_all)", true)]
    [InlineData("retry(12).then(continue)", true)]
    [InlineData("retry(3).then(retry(3))", false)]
    [InlineData("retry(99999999999)", false)]
    [InlineData("retry(-1)", false)]
    [InlineData("retry", false)]
    [InlineData("Continue", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_strategy_is_read_from_its_text(string? text, bool valid)
    {
        Assert.Equal(valid ? text : null, ErrorStrategy.TryParse(text, null, out var strategy) ? strategy.ToString() : null);
        if (!valid && text is not null)
            Assert.StartsWith($"'{text}' is not an error strategy: expected stop_all, ", Assert.Throws<FormatException>(() => ErrorStrategy.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_the_predicate_accepts_is_retried()
    {
        var plan = Plans.Continuing();
        plan.FailsAtFirst("accepted", times: 1).OnError(ErrorStrategy.Retry(3).When(error => error.Message == "failure 1"));
        plan.FailsAtFirst("refused", times: 3).OnError(ErrorStrategy.Retry(3).When(error => error.Message == "failure 1"));

        Assert.Equal([(Status.Changed, 2), (Status.Failed, 2)], (await plan.ToEndAsync()).Tasks.Select(task => (task.Status, task.Attempts)));
    }

    [Fact]
    public async Task A_predicate_may_accept_what_is_not_retried_otherwise()
    {
        var calls = 0;
        var plan = Plans.Plan();
        plan.TaskFunc("a", (_, _) => ++calls == 1 ? throw new NotFoundException("not yet") : Task.FromResult(Plans.Unchanged)).OnError(ErrorStrategy.Retry(1).When(_ => true));

        Assert.True((await plan.ToEndAsync()).Succeeded);
    }

    [Fact]
    public async Task A_change_of_an_attempt_that_failed_is_not_forgotten()
    {
        var calls = 0;
        var plan = Plans.Plan();
        plan.TaskFunc("a", (_, _) => Task.FromResult(++calls == 1 ? new Result { Changed = true, Error = new InvalidOperationException("later") } : new())).OnError(ErrorStrategy.Retry(1));

        Assert.Equal(Status.Changed, (await plan.ToEndAsync()).Tasks[0].Status);
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 14)]
    [InlineData(3, 28)]
    [InlineData(4, 50)]
    [InlineData(64, 50)]
    [InlineData(int.MaxValue, 50)]
    public void A_backoff_doubles_and_is_clamped(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Delay(ErrorStrategy.Retry(9, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(50)), attempt));

    [Fact]
    public void A_backoff_is_never_longer_than_a_timer_can_wait() =>
        Assert.Equal(TimeSpan.FromMilliseconds(uint.MaxValue - 1), Backoff.Delay(ErrorStrategy.Retry(9, TimeSpan.FromDays(1), TimeSpan.MaxValue), 30));

    [Theory]
    [InlineData(0.0, 100)]
    [InlineData(0.5, 90)]
    [InlineData(1.0, 80)]
    public void A_backoff_is_shortened_by_up_to_a_fifth(double random, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), Backoff.Jittered(TimeSpan.FromSeconds(100), random));

    [Fact]
    public void The_indexes_of_a_plan_are_returned_lowest_first()
    {
        foreach (var size in (int[])[0, 1, 63, 64, 65, 4096, 4097, 300_000])
        {
            PlanOrder order = new(size);
            SortedSet<int> expected = [];
            Random random = new(size);
            for (var round = 0; round < Math.Min(size, 2000); round++)
            {
                var place = random.Next(size);
                order.Add(place);
                expected.Add(place);
                if (random.Next(3) == 0)
                {
                    order.Remove(place);
                    expected.Remove(place);
                }

                if (random.Next(3) > 0)
                    continue;
                Assert.Equal(expected.Count > 0, order.TryTake(out var taken));
                Assert.True(expected.Count == 0 || expected.Min == taken);
                expected.Remove(taken);
            }

            while (order.TryTake(out var taken))
                Assert.True(expected.Min == taken && expected.Remove(taken));
            Assert.Empty(expected);
            Assert.True(order.IsEmpty);
        }
    }
}
