using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of the journal of a run: who may append, and after what.</summary>
public sealed class JournalTests : RunTest
{
    [Fact]
    public async Task A_run_is_read_as_its_runner_wrote_it()
    {
        var runner = NewRunner();
        var started = await runner.StartAsync("deploy", Token, request => request with { Files = [new("deploy.yaml", "version: 1")], Values = System.Text.Json.JsonElement.Parse("""{"a":1}""") });
        await runner.AppendAsync(Token, PlanRunner.Resolved("config", "web-01", "web-02"), PlanRunner.Call("config", JobId.New(), "web-01", "web-02"));
        await runner.AppendAsync(Token, PlanRunner.Ended("config", "web-01", "changed"));

        var run = await runner.Client.Run.GetAsync(runner.Id, cancellationToken: Token);

        Assert.Equal((RunStatus.Running, "alice", "deploy", 2, runner.Position), (run.Status, run.Caller, run.Plan, run.TaskCount, run.Position));
        Assert.Equal(("version: 1", """{"a":1}"""), (Assert.Single(run.Files!).Text, run.Values.ToString()));
        Assert.Equal(["config", "restart"], run.Tasks.Select(task => task.Name));
        Assert.Equal(new Dictionary<string, int> { ["changed"] = 1, ["running"] = 1 }, run.Cells);
        var journal = (await runner.Client.Run.JournalAsync(new() { Id = runner.Id }, cancellationToken: Token)).Items;
        Assert.Equal(["Started", "Resolved Call", "Ended"], journal.Select(batch => string.Join(' ', batch.Entries.Select(entry => entry.Kind))));
        Assert.Equal((started.Position, runner.Position), (journal[0].Position, journal[^1].Position));
    }

    [Fact]
    public async Task Every_append_of_a_runner_that_was_replaced_is_refused()
    {
        var first = await InterruptedAsync("deploy", PlanRunner.Resolved("config", "web-01"));
        var second = NewRunner("bob");
        var taken = await second.TakeOverAsync(first.Id, Token);

        for (var i = 0; i < 20; i++)
        {
            var refused = await Assert.ThrowsAsync<ConflictException>(() => first.AppendAsync(Token, PlanRunner.Ended("config", "web-01", "changed")));
            Assert.StartsWith($"another runner has taken over run {first.Id}, of bob, at ", refused.Message, StringComparison.Ordinal);
            await second.AppendAsync(Token, PlanRunner.Ended("config", $"web-{i}", "unchanged"));
        }

        Assert.Equal(2, taken.Run.Tasks.Count);
        Assert.Equal(20, (await second.Client.Run.GetAsync(first.Id, cancellationToken: Token)).Cells["unchanged"]);
    }

    [Fact]
    public async Task A_repeated_batch_answers_with_its_position_and_is_there_once()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        var batch = runner.Batch(PlanRunner.Ended("config", "web-01", "changed"));

        var positions = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => runner.Client.Run.AppendAsync(batch, cancellationToken: Token)));

        Assert.Single(positions.Distinct());
        Assert.Equal(2, (await runner.Client.Run.JournalAsync(new() { Id = runner.Id }, cancellationToken: Token)).Items.Count);
        runner.Position = positions[0].Position;
        await runner.AppendAsync(Token, PlanRunner.Ended("restart", "web-01", "changed"));
        // By now it is not the last one.
        Assert.Contains("something was appended meanwhile", (await Assert.ThrowsAsync<ConflictException>(() => runner.Client.Run.AppendAsync(batch, cancellationToken: Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_appends_after_one_position_one_succeeds()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await runner.Client.Run.AppendAsync(runner.Batch(PlanRunner.Ended("config", $"web-{i}", "changed")), cancellationToken: Token);
                return 1;
            }
            catch (ConflictException)
            {
                return 0;
            }
        }));

        Assert.Equal(1, results.Sum());
        Assert.Equal(1, (await runner.Client.Run.GetAsync(runner.Id, cancellationToken: Token)).Cells["changed"]);
    }

    [Fact]
    public async Task The_end_decides_the_status_and_nothing_follows_it()
    {
        foreach (var (written, status) in new[] { ("succeeded", RunStatus.Succeeded), ("failed", RunStatus.Failed), ("cancelled", RunStatus.Cancelled), ("timed_out", RunStatus.TimedOut) })
        {
            var runner = NewRunner();
            await runner.StartAsync("deploy", Token);
            await runner.AppendAsync(Token, PlanRunner.Over(written));

            var run = await runner.Client.Run.GetAsync(runner.Id, cancellationToken: Token);
            Assert.Equal(status, run.Status);
            Assert.NotNull(run.Ended);
            Assert.Equal($"run {runner.Id} has ended", (await Assert.ThrowsAsync<ConflictException>(() => runner.AppendAsync(Token, PlanRunner.Over(written)))).Message);
        }
    }

    [Fact]
    public async Task A_long_journal_is_read_in_pages_each_message_once()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        var reason = new string('x', 4000);
        // The last page is the one that a size ends, not a count.
        for (var i = 0; i < 60; i++)
            await runner.AppendAsync(Token, [.. Enumerable.Range(0, 40).Select(n => PlanRunner.Ended("config", $"web-{i}-{n}", "failed") with { Reason = n < 10 ? reason : null })]);

        List<long> positions = [];
        var pages = 0;
        for (long? after = 0; after is not null;)
        {
            var page = await runner.Client.Run.JournalAsync(new() { Id = runner.Id, After = after, Limit = 50 }, cancellationToken: Token);
            positions.AddRange(page.Items.Select(batch => batch.Position));
            after = page.NextAfter;
            pages++;
        }

        Assert.Equal(61, positions.Count);
        Assert.Equal(positions.Distinct().Order(), positions);
        Assert.True(pages >= 2);
    }

    [Fact]
    public async Task It_is_followed_as_it_is_written_and_resumed_after_any_event()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        using var events = await EventLines.OpenAsync(fixture, $"/run/{runner.Id}/events");
        Assert.Equal("entries", (await events.NextAsync())!.Event);
        await runner.AppendAsync(Token, PlanRunner.Ended("config", "web-01", "changed"));
        Assert.Equal($"{runner.Position}", (await events.NextAsync())!.Id);
        var middle = runner.Position;
        await runner.AppendAsync(Token, PlanRunner.Over("succeeded"));
        Assert.Equal(["entries", "end"], await events.RestAsync());

        List<JournalEntryKind> rest = [];
        await foreach (var batch in runner.Client.Run.WatchAsync(runner.Id, middle, Token))
            rest.AddRange(batch.Entries.Select(entry => entry.Kind));
        Assert.Equal([JournalEntryKind.Over], rest);
        using var nothing = await EventLines.OpenAsync(fixture, $"/run/{runner.Id}/events", $"{runner.Position}");
        Assert.Equal(System.Net.HttpStatusCode.NoContent, nothing.Response.StatusCode);
    }

    [Fact]
    public async Task Another_start_of_the_id_is_a_conflict_and_the_same_one_the_same_run()
    {
        var runner = NewRunner();
        var first = await runner.StartAsync("deploy", Token);

        Assert.Equal(first.Position, (await runner.StartAsync("deploy", Token)).Position);
        foreach (var other in new Func<StartRun, StartRun>[] { request => request with { Plan = "other" }, request => request with { Hash = PlanRunner.Digest('b') }, request => request with { Runner = RunId.New() } })
            await Assert.ThrowsAsync<ConflictException>(() => runner.StartAsync("deploy", Token, other));
        var stranger = NewRunner("mallory");
        (stranger.Id, stranger.Runner) = (runner.Id, runner.Runner);
        await Assert.ThrowsAsync<ConflictException>(() => stranger.StartAsync("deploy", Token));
    }
}
