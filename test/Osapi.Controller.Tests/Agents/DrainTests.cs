using System.Net;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Agents;

/// <summary>Tests of draining a host.</summary>
public sealed class DrainTests() : ControllerTest(new AgentSetup("web-01", Group: "web", AnswersOk: true))
{
    [Fact]
    public async Task Draining_and_undraining_say_what_they_did_and_doing_it_again_changes_nothing()
    {
        Assert.Equal("""{"message":"agent web-01 is not drained","hostname":"web-01","state":"Ready","changed":false}""", (await fixture.PostAsync("/agent/web-01/undrain")).Assert2xx().Body);
        Assert.Equal("""{"message":"drain initiated for agent web-01","hostname":"web-01","state":"Draining","changed":true}""", (await DrainAsync()).Assert2xx().Body);
        Assert.Equal("""{"message":"agent web-01 is already in Draining state","hostname":"web-01","state":"Draining","changed":false}""", (await DrainAsync("another reason")).Assert2xx().Body);
        await CordonAsync();
        Assert.Equal("Cordoned", (await DrainAsync()).Assert2xx().Json.GetProperty("state").GetString());
        Assert.Equal("""{"message":"undrain initiated for agent web-01","hostname":"web-01","state":"Ready","changed":true}""", (await fixture.PostAsync("/agent/web-01/undrain")).Assert2xx().Body);

        var seen = (await fixture.GetAsync("/agent/web-01")).Assert2xx().Json;
        Assert.Equal("Ready", seen.GetProperty("state").GetString());
        Assert.False(seen.TryGetProperty("drain", out _));
    }

    [Fact]
    public async Task The_timeline_has_operator_time_and_reason()
    {
        var drained = fixture.Time.GetUtcNow();
        await DrainAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await CordonAsync();
        await fixture.PostAsync("/agent/web-01/undrain");

        var timeline = (await fixture.GetAsync("/agent/web-01/timeline")).Assert2xx().Json.GetProperty("timeline").EnumerateArray().ToList();

        Assert.Equal(["drain", "cordoned", "undrain"], timeline.Select(happened => happened.GetProperty("event").GetString()));
        Assert.Equal(
            ("Drained: kernel update", "somebody", drained),
            (timeline[0].GetProperty("message").GetString(), timeline[0].GetProperty("by").GetString(), timeline[0].GetProperty("timestamp").GetDateTimeOffset()));
        Assert.Equal(("somebody", drained.AddSeconds(10)), (timeline[2].GetProperty("by").GetString(), timeline[2].GetProperty("timestamp").GetDateTimeOffset()));
    }

    [Fact]
    public async Task The_timeline_keeps_the_newest_32_events()
    {
        for (var turn = 0; turn < 20; turn++)
        {
            await DrainAsync($"turn {turn}");
            await fixture.PostAsync("/agent/web-01/undrain");
        }

        var timeline = (await fixture.GetAsync("/agent/web-01/timeline")).Assert2xx().Json.GetProperty("timeline").EnumerateArray().ToList();

        Assert.Equal(32, timeline.Count);
        Assert.Equal("Drained: turn 4", timeline[0].GetProperty("message").GetString());
    }

    [Fact]
    public async Task It_survives_the_agents_own_writes_its_restart_and_the_controllers()
    {
        await DrainAsync();
        await agent.ChangeAsync(known => known! with { Conditions = [] });
        await agent.RestartAsync("session-2");
        await fixture.StopAsync();
        await fixture.StartAsync();

        var seen = (await fixture.GetAsync("/agent/web-01")).Assert2xx().Json;

        Assert.Equal("Draining", seen.GetProperty("state").GetString());
        Assert.Equal(("somebody", "kernel update"), (seen.GetProperty("drain").GetProperty("by").GetString(), seen.GetProperty("drain").GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task The_agent_is_signalled_at_once()
    {
        await using var signals = fixture.Transport.Signals.ListenAsync(Subjects.RecordChanged(agent.Key), fixture.TestTimeout).GetAsyncEnumerator(fixture.TestTimeout);
        var next = signals.MoveNextAsync();

        await DrainAsync();

        Assert.True(await next);
    }

    [Fact]
    public async Task A_broadcast_names_drained_hosts_as_skipped_with_the_reason_and_gives_them_nothing()
    {
        (await fixture.AgentAsync("web-02", ("group", "web"))).AnswersOk();
        await DrainAsync();

        foreach (var target in (string[])["_all", "group:web"])
        {
            var answer = (await fixture.GetAsync($"/node/{target}/hostname")).Assert2xx();

            Assert.Equal(["web-02 ok", "web-01 skipped"], answer.Outcomes);
            Assert.Equal("the host is Draining: kernel update (drained by somebody)", answer.Json.GetProperty("results")[1].GetProperty("error").GetString());
            Assert.Equal("completed", await fixture.StatusOfAsync(answer.JobId));
            Assert.Null(await fixture.Transport.LastAsync(Osapi.Transport.StreamName.Commands, Subjects.Command(agent.Key, JobId.Parse(answer.JobId)), fixture.TestTimeout));
        }
    }

    [Fact]
    public async Task A_job_for_a_drained_host_alone_ends_at_once_with_the_reason()
    {
        await DrainAsync();
        await CordonAsync();

        foreach (var target in (string[])["web-01", "group:web"])
        {
            var answer = (await fixture.GetAsync($"/node/{target}/hostname")).Assert2xx();

            Assert.Equal(["web-01 skipped"], answer.Outcomes);
            Assert.Equal("the host is Cordoned: kernel update (drained by somebody)", answer.Json.GetProperty("results")[0].GetProperty("error").GetString());
            // Unlike an operation that the host skipped itself.
            Assert.Equal("unavailable", answer.Json.GetProperty("results")[0].GetProperty("error_type").GetString());
            var job = await fixture.WaitForEndAsync(answer.JobId);
            Assert.Equal("completed", job.Json.GetProperty("status").GetString());
            Assert.Equal("skipped", job.Json.GetProperty("responses").GetProperty("web-01").GetProperty("outcome").GetString());
        }

        Assert.Empty(fixture.ActiveJobs.Active);
    }

    [Fact]
    public async Task A_job_for_any_host_runs_on_the_others_and_is_unavailable_when_all_are_drained()
    {
        await DrainAsync();
        (await fixture.GetAsync("/node/_any/hostname")).AssertProblem(HttpStatusCode.ServiceUnavailable, "no host takes work: web-01 is Draining");
        Assert.Equal(0, (await fixture.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());

        await fixture.AgentAsync("web-02");
        var id = await fixture.SubmitAsync("_any");
        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_host_that_is_only_silent_is_given_the_command_and_ends_expired()
    {
        await fixture.AgentAsync("web-02");
        fixture.Time.Advance(TimeSpan.FromSeconds(30));
        await DrainAsync();
        var call = fixture.GetAsync("/node/_all/hostname");
        await fixture.WaitForWaitersAsync();

        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["web-02 expired", "web-01 skipped"], (await call).Assert2xx().Outcomes);
    }

    [Fact]
    public async Task Of_concurrent_drains_one_changes_the_host()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => DrainAsync($"reason {number}")));

        Assert.Single(answers, answer => answer.Assert2xx().Json.GetProperty("changed").GetBoolean());
    }

    [Fact]
    public async Task Problems_of_a_request_are_reported()
    {
        (await fixture.PostAsync("/agent/web-01/drain", $$"""{"reason":"{{new string('x', 201)}}"}""")).AssertProblem(HttpStatusCode.BadRequest, "reason must have at most 200 characters, and has 201");
        (await fixture.PostAsync("/agent/-/drain")).AssertProblem(HttpStatusCode.BadRequest, "name must be the name of an agent (a host name)");
    }

    private Task<Answer> DrainAsync(string reason = "kernel update") => fixture.PostAsync("/agent/web-01/drain", $$"""{"reason":"{{reason}}"}""");

    // As the agent does when no job runs any more.
    private async Task CordonAsync()
    {
        await agent.ChangeAsync(known => (known! with { CordonedAt = fixture.Time.GetUtcNow() }).WithEvent("cordoned", "All jobs completed", fixture.Time.GetUtcNow()));
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.GetProperty("state").GetString() == "Cordoned");
    }
}
