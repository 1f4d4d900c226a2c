using System.Net;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests that an answer says which hosts could not be reached.</summary>
public sealed class ReachableTests() : ControllerTest(new AgentSetup("web-01"))
{
    [Fact]
    public async Task A_host_that_does_not_answer_is_not_reachable_in_the_answer_and_in_the_job_as_long_as_it_is_kept()
    {
        var call = fixture.GetAsync("/node/web-01/hostname");
        var id = await fixture.WaitForJobAsync();
        await fixture.WaitForWaitersAsync();

        await PassDeadlineAsync(_ => Task.CompletedTask);

        var answer = await call;
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
        Assert.False(Assert.Single(answer.Json.GetProperty("results").EnumerateArray()).GetProperty("reachable").GetBoolean());
        Assert.False(await IsNotMarkedAsync(id));
        await fixture.StopAsync();
        File.Delete(Path.Combine(fixture.Directory, "jobs.db"));
        await fixture.StartAsync();
        Assert.False(await IsNotMarkedAsync(id));
    }

    [Fact]
    public async Task A_busy_host_that_answers_is_reachable()
    {
        var id = await fixture.SubmitAsync("_all");

        await PassDeadlineAsync(async claim =>
        {
            Assert.NotEqual(agent.Ledger, claim.Ledger);
            await agent.SendHeartbeatAsync();
            await fixture.WaitForHeartbeatAsync("web-01");
        });

        await fixture.WaitForEndAsync(id);
        Assert.True(await IsNotMarkedAsync(id));
        Assert.True((await StateAsync(id, "web-01")).Reachable);
    }

    [Fact]
    public async Task A_host_that_was_not_asked_in_time_is_not_called_unreachable()
    {
        var id = await fixture.SubmitAsync("web-01");
        var any = await fixture.SubmitAsync("_any");

        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        await fixture.WaitForEndAsync(any);
        await fixture.WaitForEndAsync(id);
        Assert.True(await IsNotMarkedAsync(id));
        Assert.Null((await StateAsync(id, "web-01")).Reachable);
        Assert.Null((await StateAsync(any, HostKey.Any)).Reachable);
    }

    [Fact]
    public async Task A_stopped_host_is_not_reachable_whether_it_was_asked_or_not()
    {
        await agent.StopAsync();
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.TryGetProperty("stopped_at", out _));
        var id = await fixture.SubmitAsync("web-01");

        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        await fixture.WaitForEndAsync(id);
        Assert.False(await IsNotMarkedAsync(id));
    }

    [Fact]
    public async Task A_host_that_is_silent_while_it_runs_a_job_is_not_reachable()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);

        fixture.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("unknown", (await fixture.WaitForEndAsync(id)).Json.GetProperty("responses").GetProperty("web-01").GetProperty("outcome").GetString());
        Assert.False(await IsNotMarkedAsync(id));
    }

    [Fact]
    public async Task A_host_whose_agent_began_anew_is_reachable()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);

        await agent.RestartAsync("session-2");

        Assert.Equal("unknown", (await fixture.WaitForEndAsync(id)).Json.GetProperty("responses").GetProperty("web-01").GetProperty("outcome").GetString());
        Assert.True(await IsNotMarkedAsync(id));
        Assert.True((await StateAsync(id, "web-01")).Reachable);
    }

    [Fact]
    public async Task A_silent_host_is_asked_before_its_jobs_are_lost()
    {
        var id = await fixture.SubmitAsync("web-01");
        var start = await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);

        await RequestAsync(async () =>
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(25));
            await fixture.WaitForLostJobCheckAsync();
        });
        await agent.SendHeartbeatAsync();
        await fixture.WaitForHeartbeatAsync("web-01");
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await fixture.WaitForLostJobCheckAsync();

        Assert.True(await agent.EndAsync(id, start!.Value, agent.Ok()));
        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    // Advances the clock to the deadline of 10 seconds, after the host was asked.
    private async Task PassDeadlineAsync(Func<AgentClaim, Task> answer)
    {
        var claim = await RequestAsync(() =>
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(9));
            return Task.CompletedTask;
        });
        await answer(claim);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<AgentClaim> RequestAsync(Func<Task> cause)
    {
        await using var requests = fixture.Transport.Signals.ListenAsync(Subjects.Claim(agent.Key), fixture.TestTimeout).GetAsyncEnumerator(fixture.TestTimeout);
        var next = requests.MoveNextAsync();
        await cause();
        Assert.True(await next);
        return AgentClaim.TryParse(requests.Current.Payload)!;
    }

    private async Task<bool> IsNotMarkedAsync(string id)
    {
        var response = (await fixture.WaitForEndAsync(id)).Json.GetProperty("responses").GetProperty("web-01");
        Assert.True(!response.TryGetProperty("reachable", out var reachable) || reachable.ValueKind == JsonValueKind.False);
        return reachable.ValueKind == JsonValueKind.Undefined;
    }

    private async Task<JobEvent> StateAsync(string id, string executor) =>
        JobJson.Event((await fixture.Transport.LastAsync(StreamName.Jobs, Subjects.State(JobId.Parse(id), executor), fixture.TestTimeout))!.Payload);
}
