using System.Net;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of jobs that an agent started and will not finish.</summary>
public sealed class LostJobTests() : ControllerTest(new AgentSetup("web-01"))
{
    [Fact]
    public async Task A_job_of_an_earlier_session_is_lost_and_its_caller_gets_the_known_state()
    {
        var call = fixture.GetAsync("/node/web-01/hostname");
        var id = await fixture.WaitForJobAsync();
        await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);

        await agent.RestartAsync("session-2");

        var answer = (await call).AssertProblem(HttpStatusCode.InternalServerError, "the agent stopped while it ran; it is not run again");
        Assert.Equal(["web-01 unknown"], answer.Outcomes);
        Assert.Equal(["submitted", "started", "lost"], Events(await fixture.WaitForEndAsync(id)));
    }

    [Fact]
    public async Task Jobs_of_an_agent_that_is_silent_for_30_seconds_are_lost()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);

        for (var i = 0; i < 5; i++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(5));
            await fixture.WaitForLostJobCheckAsync();
        }

        Assert.Equal("processing", await fixture.StatusOfAsync(id));
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("failed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_beating_agent_loses_nothing_however_long_it_takes()
    {
        var id = await fixture.SubmitAsync("web-01");
        var start = await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);
        for (var i = 0; i < 30; i++)
        {
            await agent.SendHeartbeatAsync();
            await fixture.WaitForHeartbeatAsync("web-01");
            fixture.Time.Advance(TimeSpan.FromSeconds(5));
            await fixture.WaitForLostJobCheckAsync();
        }

        Assert.Equal("processing", await fixture.StatusOfAsync(id));
        Assert.True(await agent.EndAsync(id, start!.Value, agent.Ok()));
    }

    [Fact]
    public async Task A_late_end_counts()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);
        await agent.RestartAsync("session-2");
        await fixture.WaitForEndAsync(id);
        var lost = (await fixture.Transport.LastAsync(Osapi.Transport.StreamName.Jobs, Osapi.Transport.Jobs.Subjects.State(JobId.Parse(id), agent.Key), fixture.TestTimeout))!.Sequence;

        Assert.True(await agent.EndAsync(id, lost, agent.Ok()));
        await fixture.CatchUpAsync();

        var job = await fixture.WaitForEndAsync(id);
        Assert.Equal("completed", job.Json.GetProperty("status").GetString());
        Assert.Equal(["submitted", "started", "lost", "completed"], Events(job));
        Assert.Equal(1, (await fixture.GetAsync("/job?status=completed")).Json.GetProperty("total_items").GetInt32());
        Assert.Empty(fixture.ActiveJobs.Active);
    }

    [Fact]
    public async Task A_restarted_controller_does_not_lose_hosts_before_their_heartbeats_can_arrive()
    {
        var id = await fixture.SubmitAsync("web-01");
        var start = await agent.StartAsync(id);
        await fixture.StopAsync();
        fixture.Time.Advance(TimeSpan.FromHours(1));
        await fixture.StartAsync();
        // Another host registers at once, which triggers a check of every job.
        await fixture.AgentAsync("web-02");
        await fixture.WaitForLostJobCheckAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await fixture.WaitForLostJobCheckAsync();

        Assert.Equal("processing", await fixture.StatusOfAsync(id));
        Assert.True(await agent.EndAsync(id, start!.Value, agent.Ok()));
        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_host_that_is_gone_when_the_controller_restarts_is_lost_after_30_seconds()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.StartAsync(id);
        await fixture.Transport.Hosts.DeleteAsync(agent.Key, fixture.TestTimeout);
        await fixture.StopAsync();
        await fixture.StartAsync();

        for (var i = 0; i < 5; i++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(5));
            await fixture.WaitForLostJobCheckAsync();
        }

        Assert.Equal("processing", await fixture.StatusOfAsync(id));
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("failed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    private static IEnumerable<string?> Events(Answer job) =>
        job.Json.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event").GetString());
}
