using Osapi.Client;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of a runner whose token expires while its run goes on, or between its death and the resume.</summary>
public sealed class ExpiredRunnerTests : RunTest
{
    [Fact]
    public async Task A_runner_whose_token_has_expired_appends_nothing_and_the_run_goes_on_with_a_new_one()
    {
        var before = NewRunner("alice", TimeSpan.FromHours(1));
        await before.StartAsync("deploy", Token);
        await before.AppendAsync(Token, PlanRunner.Ended("config", "web-01", "changed"));
        fixture.Time.Advance(TimeSpan.FromHours(2));

        await Assert.ThrowsAsync<AuthException>(() => before.AppendAsync(Token, PlanRunner.Ended("restart", "web-01", "changed")));
        await Assert.ThrowsAsync<AuthException>(() => before.TakeOverAsync(before.Id, Token));
        var after = NewRunner("alice", TimeSpan.FromHours(1));
        var taken = await after.TakeOverAsync(before.Id, Token);
        await after.AppendAsync(Token, PlanRunner.Ended("restart", "web-01", "changed"), PlanRunner.Over("succeeded"));

        Assert.Equal(RunStatus.Running, taken.Run.Status);
        var page = await after.Client.Run.JournalAsync(new() { Id = before.Id }, cancellationToken: Token);
        Assert.Equal(["started ", "ended config", "takeover ", "ended restart", "over "], page.Items.SelectMany(batch => batch.Entries).Select(entry => $"{entry.Kind.ToString().ToLowerInvariant()} {entry.Task}"));
        Assert.Equal(RunStatus.Succeeded, (await after.Client.Run.GetAsync(before.Id, cancellationToken: Token)).Status);
    }

    [Fact]
    public async Task A_caller_whose_token_no_longer_permits_it_does_not_go_on_with_the_run()
    {
        var before = NewRunner("alice", TimeSpan.FromHours(1));
        await before.StartAsync("deploy", Token);
        fixture.Time.Advance(TimeSpan.FromMinutes(1));

        var reader = NewRunner("alice", "read");

        await Assert.ThrowsAsync<AuthException>(() => reader.TakeOverAsync(before.Id, Token));
        Assert.Equal(before.Position, (await before.Client.Run.GetAsync(before.Id, cancellationToken: Token)).Position);
    }

    private PlanRunner NewRunner(string caller, TimeSpan lifetime) => Register(new(fixture.Http.BaseAddress!, fixture.Tokens.Generate(caller, ["admin"], [], lifetime)));
}
