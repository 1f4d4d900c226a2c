using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of what an interrupted run owes, which the controller computes when a later run takes its place.</summary>
public sealed class SupersededRunTests() : RunTest(new AgentSetup("web-01"), new AgentSetup("web-02"))
{
    [Fact]
    public async Task A_consequence_that_did_not_run_is_owed_on_the_hosts_that_changed()
    {
        await InterruptedAsync(
            "deploy",
            PlanRunner.Resolved("config", "web-01", "web-02"), PlanRunner.Resolved("restart", "web-01", "web-02"),
            PlanRunner.Ended("config", "web-01", "changed"), PlanRunner.Ended("config", "web-02", "unchanged"));

        Assert.Equal("restart@web-01", Text(await NextOwedAsync()));
    }

    [Theory]
    [InlineData("changed", "")]
    [InlineData("unchanged", "")]
    [InlineData("failed", "restart@web-01")]
    [InlineData("cancelled", "restart@web-01")]
    [InlineData("skipped", "restart@web-01")]
    public async Task A_consequence_is_owed_until_it_has_ended_well(string status, string owed)
    {
        await InterruptedAsync(
            "deploy",
            PlanRunner.Resolved("config", "web-01"), PlanRunner.Resolved("restart", "web-01"),
            PlanRunner.Ended("config", "web-01", "changed"), PlanRunner.Ended("restart", "web-01", status));

        Assert.Equal(owed, Text(await NextOwedAsync()));
    }

    [Fact]
    public async Task What_its_own_guard_decided_against_is_not_owed()
    {
        await InterruptedAsync(
            "deploy", PlanRunner.Resolved("restart", "web-01", "web-02"),
            PlanRunner.Ended("config", "web-01", "changed"), PlanRunner.Ended("config", "web-02", "changed"),
            PlanRunner.Ended("restart", "web-01", "skipped") with { Flags = ["guarded"] });

        Assert.Equal("restart@web-02", Text(await NextOwedAsync()));
    }

    [Fact]
    public async Task A_change_by_a_cell_that_then_failed_counts()
    {
        await InterruptedAsync("deploy", PlanRunner.Resolved("restart", "web-01"), PlanRunner.Ended("config", "web-01", "failed") with { Changed = true });

        Assert.Equal("restart@web-01", Text(await NextOwedAsync()));
    }

    [Fact]
    public async Task A_change_after_the_consequence_makes_it_owed_again()
    {
        var runner = await InterruptedAsync(
            "deploy", PlanRunner.Resolved("restart", "web-01"), PlanRunner.Ended("config", "web-01", "changed"));
        var second = NewRunner();
        await second.TakeOverAsync(runner.Id, Token);
        await second.ListenAsync(Token);
        await second.AppendAsync(Token, PlanRunner.Ended("restart", "web-01", "changed"));
        await second.AppendAsync(Token, PlanRunner.Ended("config", "web-01", "changed"));
        await InterruptAsync(second);

        Assert.Equal("restart@web-01", Text(await NextOwedAsync()));
    }

    [Fact]
    public async Task A_consequence_on_other_hosts_and_one_without_hosts_look_at_the_whole()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token, request => request with
        {
            Tasks = [PlanRunner.Task("config"), PlanRunner.Task("reload", "config"), new("notify", PlanRunner.Digest()) { ReactsTo = ["config"] }, PlanRunner.Task("alone")],
        });
        await runner.ListenAsync(Token);
        await runner.AppendAsync(
            Token, PlanRunner.Resolved("config", "web-01", "web-02"), PlanRunner.Resolved("reload", "web-02", "proxy-01"), PlanRunner.Ended("config", "web-01", "changed"));
        await InterruptAsync(runner);

        // On web-02 nothing has changed; the proxy does not have the configuration.
        Assert.Equal("notify@, reload@proxy-01", Text((await NextOwedAsync()).OrderBy(step => step.Task)));
    }

    [Fact]
    public async Task The_answer_to_a_call_without_an_end_counts()
    {
        var changed = await JobAsync("web-01", hasChanged: true);
        var unchanged = await JobAsync("web-02", hasChanged: false);
        await InterruptedAsync(
            "deploy", PlanRunner.Resolved("config", "web-01", "web-02"), PlanRunner.Resolved("restart", "web-01", "web-02"),
            PlanRunner.Call("config", changed, "web-01"), PlanRunner.Call("config", unchanged, "web-02"), PlanRunner.Call("config", JobId.New(), "web-02"));

        Assert.Equal("restart@web-01", Text(await NextOwedAsync()));
    }

    [Fact]
    public async Task A_consequence_whose_job_ended_well_after_its_runner_had_died_is_not_owed()
    {
        var done = await JobAsync("web-01", hasChanged: true);
        var failed = await JobAsync("web-02", hasChanged: null);
        await InterruptedAsync(
            "deploy", PlanRunner.Resolved("config", "web-01", "web-02"), PlanRunner.Resolved("restart", "web-01", "web-02"),
            PlanRunner.Ended("config", "web-01", "changed"), PlanRunner.Ended("config", "web-02", "changed"),
            PlanRunner.Call("restart", done, "web-01"), PlanRunner.Call("restart", failed, "web-02"));

        Assert.Equal("restart@web-02", Text(await NextOwedAsync()));
    }

    [Fact]
    public async Task A_job_that_still_runs_is_waited_for_and_then_named()
    {
        var job = JobId.New();
        await SubmitAsync(job, "web-01");
        var start = await agent.StartAsync(job.ToString());
        await InterruptedAsync("deploy", PlanRunner.Resolved("restart", "web-01"), PlanRunner.Call("config", job, "web-01"));

        var refused = NewRunner().StartAsync("deploy", Token);
        while (fixture.Waiting == 0)
            Token.ThrowIfCancellationRequested();
        Assert.Contains($"1 of its jobs still run: {job}; wait for them, or cancel them", (await Assert.ThrowsAsync<ConflictException>(() => fixture.AdvanceUntilAsync(refused, TimeSpan.FromSeconds(1)))).Message, StringComparison.Ordinal);

        var waiting = NextOwedAsync();
        while (fixture.Waiting == 0)
            Token.ThrowIfCancellationRequested();
        await agent.EndAsync(job.ToString(), start!.Value, agent.Ok("""{"changed":true}""") with { Changed = true });
        Assert.Equal("restart@web-01", Text(await waiting));
    }

    [Fact]
    public async Task What_it_had_taken_over_and_not_done_is_owed_on_with_its_origin()
    {
        var first = await InterruptedAsync("deploy", PlanRunner.Resolved("restart", "web-01", "web-02"), PlanRunner.Ended("config", "web-01", "changed"), PlanRunner.Ended("config", "web-02", "changed"));
        var second = NewRunner("bob");
        Assert.Equal("restart@web-01, restart@web-02", Text((await second.StartAsync("deploy", Token)).Owed.OrderBy(step => step.Host)));
        await second.ListenAsync(Token);
        await second.AppendAsync(Token, PlanRunner.Ended("config", "web-01", "unchanged"), PlanRunner.Ended("restart", "web-01", "changed"));
        await InterruptAsync(second);

        var owed = Assert.Single(await NextOwedAsync());

        Assert.Equal(("restart", "web-02", first.Id, "alice"), (owed.Task, owed.Host, owed.Run, owed.Caller));
    }

    private async Task<IReadOnlyList<OwedStep>> NextOwedAsync() => (await NewRunner().StartAsync("deploy", Token)).Owed;

    // Null for one that fails.
    private async Task<JobId> JobAsync(string host, bool? hasChanged)
    {
        var job = JobId.New();
        await SubmitAsync(job, host);
        var known = host == "web-01" ? agent : await fixture.AgentAsync(host);
        await known.RunAsync(job.ToString(), hasChanged is { } changed ? known.Ok() with { Changed = changed } : known.Failed(ErrorType.NotFound, "it did not work"));
        await fixture.WaitForEndAsync(job.ToString());
        return job;
    }

    private async Task SubmitAsync(JobId job, string host) =>
        (await fixture.SendAsync("PUT", $"/job/{job}", $$"""{"operation":"command.exec.execute","target":"{{host}}","request":{"command":"true"},"start_within":3600}""", prefer: "respond-async")).Assert2xx(System.Net.HttpStatusCode.Accepted);
}
