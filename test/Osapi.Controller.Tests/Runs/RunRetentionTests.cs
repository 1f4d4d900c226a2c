using Osapi.Client;
using Osapi.Controller.Runs;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of how long runs are kept, and their jobs with them.</summary>
public sealed class RunRetentionTests() : RunTest(new ControllerSetup { Options = options => options with { KeepJobs = Keep }, Agents = [new("web-01")] })
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(3);

    [Fact]
    public async Task A_run_that_is_over_is_removed_with_everything_of_it_and_its_id_is_not_used_again_at_once()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        await runner.AppendAsync(Token, PlanRunner.Over("succeeded"));

        await AgeAsync(Keep + RunRetention.Interval);

        await GoneAsync(runner);
        await Assert.ThrowsAsync<ConflictException>(() => runner.StartAsync("deploy", Token));
        await AgeAsync(TimeSpan.FromDays(1) + RunRetention.Interval);
        while ((await fixture.Transport.LastAsync(StreamName.Runs, RunSubjects.Journal(runner.Id), Token)) is not null)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        Assert.Null(await fixture.Transport.LastAsync(StreamName.Runs, RunSubjects.Plan("deploy"), Token));
        Assert.Null(await fixture.Transport.LastAsync(StreamName.Runs, RunSubjects.Content(runner.Id), Token));
        await runner.StartAsync("deploy", Token);
    }

    [Fact]
    public async Task A_run_that_owes_steps_is_kept_for_30_days()
    {
        var runner = NewRunner();
        await runner.StartAsync("deploy", Token);
        await runner.AppendAsync(Token, PlanRunner.Over("failed", new OwedStep { Task = "restart", Host = "web-01" }));
        await Assert.ThrowsAsync<ConflictException>(() => runner.Client.Run.DeleteAsync(runner.Id, cancellationToken: Token));

        await AgeAsync(Keep * 2);
        await RoundAsync();
        Assert.Single((await runner.Client.Run.OwedAsync(cancellationToken: Token)).Items);
        await AgeAsync(RunStart.MaxOwedAge);

        await GoneAsync(runner);
        Assert.Empty((await runner.Client.Run.OwedAsync(cancellationToken: Token)).Items);
    }

    [Fact]
    public async Task An_interrupted_run_that_nobody_continues_ends_and_what_it_owes_is_kept()
    {
        var runner = await InterruptedAsync("deploy", PlanRunner.Resolved("restart", "web-01"), PlanRunner.Ended("config", "web-01", "changed"));

        await AgeAsync(Keep + RunRetention.Interval);
        while (await StatusOfAsync(runner.Id) != RunStatus.Failed)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);

        Assert.Equal("restart@web-01", Text((await runner.Client.Run.OwedAsync(cancellationToken: Token)).Items));
        Assert.Equal("restart@web-01", Text((await NewRunner().StartAsync("deploy", Token)).Owed));
    }

    [Fact]
    public async Task The_jobs_of_a_run_that_goes_on_are_neither_removed_nor_deleted()
    {
        var runner = NewRunner("somebody");
        await runner.StartAsync("deploy", Token);
        await runner.ListenAsync(Token);
        var (own, other) = (JobId.New(), JobId.New());
        await RunAsync(own, runner.Id);
        await RunAsync(other, null);
        Assert.Equal([own], (await runner.Client.Job.ListAsync(new() { Run = runner.Id }, cancellationToken: Token)).Items.Select(job => job.Id));
        var detail = await runner.Client.Job.GetAsync(own, cancellationToken: Token);
        Assert.Equal((runner.Id, "config"), (detail.Run, detail.Task));
        await fixture.CatchUpAsync();
        // The run goes on: its journal is written from time to time.
        fixture.Time.Advance(Keep / 2);
        await runner.AppendAsync(Token, PlanRunner.Ended("config", "web-01", "changed"));

        fixture.Time.Advance((Keep / 2) + RunRetention.Interval);
        await fixture.CountAsync(1);

        Assert.Equal(own, (await runner.Client.Job.GetAsync(own, cancellationToken: Token)).Id);
        Assert.Equal($"job {own} belongs to run {runner.Id}, which has not ended", (await Assert.ThrowsAsync<ConflictException>(() => runner.Client.Job.DeleteAsync(own, cancellationToken: Token))).Message);
        await runner.AppendAsync(Token, PlanRunner.Over("succeeded"));
        await runner.Client.Job.DeleteAsync(own, cancellationToken: Token);
    }

    [Fact]
    public async Task A_job_is_made_by_the_runner_of_a_run_that_goes_on_only()
    {
        var runner = NewRunner("alice");
        await runner.StartAsync("deploy", Token);

        // The fixture is somebody else.
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await SubmitAsync(JobId.New(), runner.Id)).Status);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await SubmitAsync(JobId.New(), RunId.New())).Status);
        var own = NewRunner("somebody");
        await own.StartAsync("backup", Token);
        await own.AppendAsync(Token, PlanRunner.Over("succeeded"));
        (await SubmitAsync(JobId.New(), own.Id)).AssertProblem(System.Net.HttpStatusCode.Conflict, $"run {own.Id} has ended");
    }

    private async Task RunAsync(JobId job, RunId? run)
    {
        (await SubmitAsync(job, run)).Assert2xx(System.Net.HttpStatusCode.Accepted);
        await agent.RunAsync(job.ToString(), agent.Ok());
        await fixture.WaitForEndAsync(job.ToString());
    }

    private Task<Answer> SubmitAsync(JobId job, RunId? run) => fixture.SendAsync(
        "PUT", $"/job/{job}", $$"""{"operation":"node.hostname.get","target":"web-01","request":{}{{(run is null ? "" : $",\"run\":\"{run}\",\"task\":\"config\"")}}}""", prefer: "respond-async");

    // The retention's timer needs its rounds one by one.
    private async Task AgeAsync(TimeSpan time)
    {
        fixture.Time.AdjustTime(fixture.Time.GetUtcNow() + time);
        await RoundAsync();
    }

    private async Task RoundAsync()
    {
        fixture.Time.Advance(RunRetention.Interval);
        await NewRunner().Client.Run.ListAsync(cancellationToken: Token);
    }

    private async Task GoneAsync(PlanRunner runner)
    {
        while (true)
            try
            {
                await runner.Client.Run.GetAsync(runner.Id, cancellationToken: Token);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
            }
            catch (NotFoundException)
            {
                return;
            }
    }
}
