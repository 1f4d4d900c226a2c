using System.Net;

namespace Osapi.Controller.Tests.Agents;

/// <summary>Tests of agents that become silent.</summary>
public sealed class SilentAgentTests() : ControllerTest(new AgentSetup("web-01"))
{
    [Fact]
    public async Task Its_silence_and_its_return_are_in_its_timeline_once()
    {
        await UntilTimelineAsync("silent");
        await AdvanceUntilAsync(seconds: 60);
        Assert.Equal(["silent"], await TimelineAsync());

        await agent.SendHeartbeatAsync();
        await fixture.WaitForHeartbeatAsync("web-01");
        await UntilTimelineAsync("silent", "heard");
        await UntilTimelineAsync("silent", "heard", "silent");
    }

    [Fact]
    public async Task An_agent_that_was_stopped_is_not_silent()
    {
        await agent.StopAsync();
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.TryGetProperty("stopped_at", out _));

        await AdvanceUntilAsync(seconds: 60);

        Assert.Equal(["stopped"], await TimelineAsync());
    }

    [Fact]
    public async Task A_long_silent_agent_is_removed_and_a_live_one_is_not()
    {
        var alive = await fixture.AgentAsync("web-02");
        await fixture.StopAsync();
        fixture.Time.Advance(TimeSpan.FromDays(29));
        await fixture.StartAsync();
        // As agents do every 10 minutes.
        await alive.ChangeAsync(known => known!);
        await AdvanceUntilAsync(seconds: 60, alive);
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/agent/web-01")).Status);
        fixture.Time.Advance(TimeSpan.FromDays(1));

        while ((await fixture.GetAsync("/agent/web-01")).Status == HttpStatusCode.OK)
            await AdvanceUntilAsync(seconds: 5, alive);

        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/agent/web-02")).Status);
    }

    private async Task AdvanceUntilAsync(int seconds, ScriptedAgent? alive = null)
    {
        for (var passed = 0; passed < seconds; passed += 5)
        {
            if (alive is not null)
            {
                await alive.SendHeartbeatAsync();
                await fixture.WaitForHeartbeatAsync("web-02");
            }

            fixture.Time.Advance(TimeSpan.FromSeconds(5));
            // One iteration of the controller's loops.
            await fixture.CatchUpAsync();
        }
    }

    private async Task UntilTimelineAsync(params string[] events)
    {
        while (!events.SequenceEqual(await TimelineAsync()))
        {
            fixture.TestTimeout.ThrowIfCancellationRequested();
            await AdvanceUntilAsync(seconds: 5);
        }
    }

    private async Task<IReadOnlyList<string?>> TimelineAsync() =>
        [.. (await fixture.GetAsync("/agent/web-01/timeline")).Assert2xx().Json.GetProperty("timeline").EnumerateArray().Select(happened => happened.GetProperty("event").GetString())];
}
