using System.Net;
using System.Text.Json;
using Osapi.Client;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of who may do what with a run, and of requests that are hostile.</summary>
public sealed class RunAccessTests : RunTest
{
    [Fact]
    public async Task A_reader_reads_and_writes_nothing()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        var reader = NewRunner("reader", "read");
        (reader.Id, reader.Runner, reader.Position) = (runner.Id, runner.Runner, runner.Position);

        Assert.Equal(runner.Id, Assert.Single((await reader.Client.Run.ListAsync(cancellationToken: Token)).Items).Id);
        Assert.Single((await reader.Client.Run.JournalAsync(new() { Id = runner.Id }, cancellationToken: Token)).Items);
        Func<Task>[] forbidden =
        [
            () => reader.StartAsync("other", Token, request => request with { Id = RunId.New() }), () => reader.AppendAsync(Token, PlanRunner.Over("succeeded")), () => reader.TakeOverAsync(runner.Id, Token, force: true),
            () => reader.Client.Run.CancelAsync(runner.Id, cancellationToken: Token), () => reader.Client.Run.DeleteAsync(runner.Id, cancellationToken: Token), () => reader.Client.Run.ForgetOwedAsync(new() { Plan = "deploy" }, cancellationToken: Token),
            async () => await reader.Client.Run.ListenAsync(runner.Id, runner.Runner, Token).GetAsyncEnumerator(Token).MoveNextAsync(),
        ];
        foreach (var call in forbidden)
            Assert.Equal("insufficient permissions: run:write is required", (await Assert.ThrowsAsync<AuthException>(call)).Message);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.SendAsync("GET", "/run", token: null)).Status);
    }

    [Fact]
    public async Task Another_writer_that_knows_the_runner_appends_nothing()
    {
        var runner = NewRunner("alice");
        await runner.StartAsync("deploy", Token);
        var other = NewRunner("mallory", "write");
        (other.Id, other.Runner, other.Position) = (runner.Id, runner.Runner, runner.Position);

        Assert.Equal($"run {runner.Id} is run by another caller", (await Assert.ThrowsAsync<AuthException>(() => other.AppendAsync(Token, PlanRunner.Over("succeeded")))).Message);
        await Assert.ThrowsAsync<AuthException>(() => other.TakeOverAsync(runner.Id, Token, force: true));
        await runner.AppendAsync(Token, PlanRunner.Over("succeeded"));
    }

    [Fact]
    public async Task Files_values_and_results_are_for_the_caller_and_for_who_may_run_commands()
    {
        var runner = NewRunner("alice");
        await runner.StartAsync("deploy", Token, request => request with { Files = [new("deploy.yaml", "secret text")], Values = JsonElement.Parse("""{"a":1}""") });
        await runner.AppendAsync(Token, PlanRunner.Ended("config", null, "changed") with { Data = JsonElement.Parse("""{"token":"abc"}""") });

        foreach (var (caller, role, sees) in new[] { ("alice", "read", true), ("bob", "admin", true), ("bob", "write", false), ("bob", "read", false) })
        {
            var client = NewRunner(caller, role).Client;
            var run = await client.Run.GetAsync(runner.Id, cancellationToken: Token);
            Assert.Equal((sees, sees), (run.Files is not null, run.Values is not null));
            var journal = await client.Run.JournalAsync(new() { Id = runner.Id }, cancellationToken: Token);
            Assert.Equal(sees, journal.Items[^1].Entries[0].Data is not null);
        }
    }

    [Theory]
    [InlineData("""{"kind":"started"}""", "only controllers write")]
    [InlineData("""{"kind":"takeover"}""", "only controllers write")]
    [InlineData("""{"kind":"superseded"}""", "only controllers write")]
    [InlineData("""{"kind":"frobnicated","task":"a"}""", "kind")]
    [InlineData("""{"kind":"unknown","task":"a"}""", "kind")]
    [InlineData("""{"kind":"over"}""", "without a status")]
    [InlineData("""{"kind":"over","status":"great"}""", "succeeded, failed, cancelled or timed_out")]
    [InlineData("""{"kind":"ended","status":"changed"}""", "without a task")]
    [InlineData("""{"kind":"ended","task":"a","status":"great"}""", "changed, unchanged")]
    [InlineData("""{"kind":"call","task":"a","hosts":[null]}""", "host")]
    [InlineData("""{"kind":"call","task":"a","hosts":[""]}""", "host")]
    [InlineData("""{"kind":"ended","task":"a","status":"changed","owed":[{"task":"b"}]}""", "before the end")]
    [InlineData("""{"kind":"ended","task":"a","status":"changed","surprise":1}""", "surprise")]
    [InlineData("""{"kind":"ended","task":"a\u0000b","status":"changed"}""", "task")]
    [InlineData("""{"kind":"over","status":"failed"},{"kind":"guard","task":"a"}""", "nothing follows the end")]
    [InlineData("""null""", "entries")]
    public async Task Entries_that_no_runner_writes_are_refused(string entries, string says)
    {
        var runner = NewRunner("somebody");
        await runner.StartAsync("deploy", Token);

        var answer = await fixture.PostAsync($"/run/{runner.Id}/journal", $$"""{"runner":"{{runner.Runner}}","after":{{runner.Position}},"batch":"{{RunId.New()}}","entries":[{{entries}}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
        Assert.Single((await runner.Client.Run.JournalAsync(new() { Id = runner.Id }, cancellationToken: Token)).Items);
    }

    [Fact]
    public async Task Sizes_are_bounded_and_long_reasons_are_cut()
    {
        var runner = NewRunner("somebody");
        await Assert.ThrowsAsync<ValidationException>(() => runner.StartAsync("deploy", Token, request => request with { Files = [new("a", new('x', 512 * 1024)), new("b", "x")] }));
        await Assert.ThrowsAsync<ValidationException>(() => runner.StartAsync("deploy", Token, request => request with { Tasks = [PlanRunner.Task("a"), PlanRunner.Task("a")] }));
        await Assert.ThrowsAsync<ValidationException>(() => runner.StartAsync("deploy", Token, request => request with { Tasks = [PlanRunner.Task("a", "b")] }));
        await Assert.ThrowsAsync<ValidationException>(() => runner.StartAsync("deploy", Token, request => request with { Values = JsonElement.Parse($"{{\"a\":\"{new string('x', 256 * 1024)}\"}}") }));
        await Assert.ThrowsAsync<ValidationException>(() => runner.StartAsync("deploy", Token, request => request with { Tasks = [.. Enumerable.Range(0, 10_001).Select(i => PlanRunner.Task($"{i}"))] }));
        await Assert.ThrowsAsync<ValidationException>(() => runner.StartAsync("deploy", Token, request => request with { Values = JsonElement.Parse("[]") }));
        // As large as it may be.
        await runner.StartAsync("deploy", Token, request => request with { Files = [new("a", new('x', 512 * 1024))], Tasks = [.. Enumerable.Range(0, 10_000).Select(i => PlanRunner.Task($"{i}"))] });
        Assert.Equal((10_000, 512 * 1024), (await runner.Client.Run.GetAsync(runner.Id, cancellationToken: Token)) is var run ? (run.Tasks.Count, run.Files![0].Text.Length) : default);

        await Assert.ThrowsAsync<ValidationException>(() => runner.AppendAsync(Token, [.. Enumerable.Range(0, 1001).Select(i => PlanRunner.Ended("0", $"web-{i}", "changed"))]));
        await Assert.ThrowsAsync<ValidationException>(() => runner.AppendAsync(Token, [.. Enumerable.Range(0, 300).Select(i => PlanRunner.Ended("0", $"web-{i}", "changed") with { Data = JsonElement.Parse($"\"{new string('x', 1000)}\"") })]));
        await runner.AppendAsync(Token, PlanRunner.Ended("0", "web-01", "failed") with { Reason = new string('x', 100_000) });
        Assert.Equal(4096 - 3 + 3, (await runner.Client.Run.JournalAsync(new() { Id = runner.Id, After = runner.Position - 1 }, cancellationToken: Token)).Items[0].Entries[0].Reason!.Length);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_what_is_not_an_id_is_refused()
    {
        var (client, id) = (NewRunner().Client, RunId.New());
        Func<Task>[] calls =
        [
            () => client.Run.GetAsync(id, cancellationToken: Token), () => client.Run.CancelAsync(id, cancellationToken: Token), () => client.Run.DeleteAsync(id, cancellationToken: Token),
            () => client.Run.JournalAsync(new() { Id = id }, cancellationToken: Token), () => client.Run.TakeOverAsync(new() { Id = id, Runner = id }, cancellationToken: Token),
            async () => await client.Run.WatchAsync(id, cancellationToken: Token).GetAsyncEnumerator(Token).MoveNextAsync(), async () => await client.Run.ListenAsync(id, id, Token).GetAsyncEnumerator(Token).MoveNextAsync(),
        ];
        foreach (var call in calls)
            Assert.Equal($"run not found: {id}", (await Assert.ThrowsAsync<NotFoundException>(call)).Message);
        foreach (var path in new[] { "/run/x", "/run/x/journal", "/run/x/events", "/run/x/signals?runner=y", $"/run/{id}/signals", $"/run/{id}/events?a=b" })
            Assert.Equal(HttpStatusCode.BadRequest, (await fixture.GetAsync(path)).Status);
    }
}
