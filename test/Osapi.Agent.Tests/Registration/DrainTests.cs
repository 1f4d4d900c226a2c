using System.Text;
using Osapi.Agent.Tests.Jobs;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Registration;

/// <summary>Tests of an agent's reaction to the operator's drain.</summary>
public sealed class DrainTests : JobTest
{
    private const string Other = "web-02";

    [Fact]
    public async Task It_finishes_what_it_has_takes_nothing_new_and_then_is_cordoned()
    {
        var held = fixture.RecordingOperation.Hold("running");
        await fixture.StartAgentAsync();
        var running = await fixture.SubmitForAnyAsync("running");
        await held.Began;

        await fixture.DrainAsync();
        await fixture.LogLines.WaitForLineAsync("Drained by operator (kernel update)").WaitAsync(fixture.Token);
        await AssertOnlyTheOtherTakesAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(AgentState.Draining, (await fixture.RecordAsync()).State);
        held.Release();

        Assert.Equal((JobFixture.Host, Outcome.Ok), Of(await fixture.EndAsync(running, HostKey.Any)));
        var cordoned = await CordonedAsync();
        Assert.Equal(("cordoned", "All jobs completed"), (cordoned.Timeline[^1].Event, cordoned.Timeline[^1].Message));
    }

    [Fact]
    public async Task A_command_that_was_already_sent_is_executed()
    {
        await fixture.StartAgentAsync();
        await fixture.DrainAsync();
        await CordonedAsync();

        Assert.Equal((JobFixture.Host, Outcome.Ok), Of(await fixture.EndAsync(await fixture.SubmitAsync("late"))));
    }

    [Fact]
    public async Task It_stays_drained_when_the_agent_restarts_and_works_again_when_it_is_undrained()
    {
        var agent = await fixture.StartAgentAsync();
        await fixture.DrainAsync();
        await CordonedAsync();

        await agent.DisposeAsync();
        await fixture.StartAgentAsync();
        Assert.Equal((AgentState.Cordoned, "kernel update"), ((await fixture.RecordAsync()).State, (await fixture.RecordAsync()).Drain!.Reason));
        await fixture.LogLines.WaitForLineAsync("Drained by operator", times: 2).WaitAsync(fixture.Token);
        var other = await AssertOnlyTheOtherTakesAsync();
        await other.DisposeAsync();
        var waiting = await fixture.SubmitForAnyAsync("waits");
        await fixture.UndrainAsync();

        Assert.Equal((JobFixture.Host, Outcome.Ok), Of(await fixture.EndAsync(waiting, HostKey.Any)));
    }

    [Fact]
    public async Task It_takes_nothing_when_it_was_drained_while_it_was_away()
    {
        await (await fixture.StartAgentAsync()).DisposeAsync();
        await fixture.DrainAsync();
        var early = await fixture.SubmitForAnyAsync("early", startWithin: 3600);

        await fixture.StartAgentAsync();
        await CordonedAsync();
        await fixture.StartAgentAsync(Other);

        Assert.Equal((Other, Outcome.Ok), Of(await fixture.EndAsync(early, HostKey.Any)));
    }

    [Fact]
    public async Task An_agent_that_takes_over_the_name_is_drained_too()
    {
        await (await fixture.StartAgentAsync(ledger: "one")).DisposeAsync();
        await fixture.DrainAsync();

        await fixture.StartAgentAsync(ledger: "two");

        await CordonedAsync();
        await AssertOnlyTheOtherTakesAsync();
    }

    [Fact]
    public async Task A_lost_signal_only_delays_the_drain()
    {
        await fixture.StartAgentAsync();
        await fixture.WriteRosterEntryAsync(JobFixture.Host, new(fixture.Time.GetUtcNow(), "operator"));

        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        await CordonedAsync();
    }

    [Fact]
    public async Task Undrained_before_everything_ended_it_takes_work_again()
    {
        var held = fixture.RecordingOperation.Hold("running");
        await fixture.StartAgentAsync();
        await fixture.SubmitAsync("running");
        await held.Began;
        await fixture.DrainAsync();
        await fixture.LogLines.WaitForLineAsync("Drained by").WaitAsync(fixture.Token);

        await fixture.UndrainAsync();

        Assert.Equal((JobFixture.Host, Outcome.Ok), Of(await fixture.EndAsync(await fixture.SubmitForAnyAsync("next"), HostKey.Any)));
        held.Release();
        fixture.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(AgentState.Ready, (await fixture.RecordAsync()).State);
        Assert.DoesNotContain((await fixture.RecordAsync()).Timeline, happened => happened.Event == "cordoned");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"name":"web-01","version":1}""")]
    [InlineData("""{"name":"web-02","version":9}""")]
    [InlineData("""{"name":"web-01","version":9,"drain":7}""")]
    public async Task A_missing_older_or_invalid_entry_does_not_undrain_it(string content)
    {
        await fixture.StartAgentAsync();
        await fixture.WriteRosterEntryAsync(JobFixture.Host, null);
        await fixture.DrainAsync();
        await CordonedAsync();

        if (content.Length == 0)
            await fixture.Transport.Roster.DeleteAsync(JobFixture.Host, fixture.Token);
        else
            await fixture.Transport.Roster.PutAsync(JobFixture.Host, Encoding.UTF8.GetBytes(content), null, fixture.Token);
        await fixture.Transport.Signals.SendAsync(Subjects.RecordChanged(JobFixture.Host), ReadOnlyMemory<byte>.Empty, fixture.Token);
        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        await AssertOnlyTheOtherTakesAsync();
    }

    [Fact]
    public async Task An_invalid_entry_alone_keeps_the_agent_from_the_queue()
    {
        await fixture.Transport.Roster.PutAsync(JobFixture.Host, "not json"u8.ToArray(), null, fixture.Token);
        await fixture.StartAgentAsync();
        await fixture.LogLines.WaitForLineAsync("Skipped the invalid roster entry").WaitAsync(fixture.Token);

        await AssertOnlyTheOtherTakesAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        await fixture.RecordAsync(known => known.Timeline.Any(happened => happened.Event == "cordoned"));
        fixture.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Single((await fixture.RecordAsync()).Timeline, happened => happened.Event == "cordoned");
    }

    private static (string, Outcome) Of(HostReply entry) => (entry.Hostname, entry.Outcome);

    private async Task<OsapiAgent> AssertOnlyTheOtherTakesAsync()
    {
        var other = await fixture.StartAgentAsync(Other);
        foreach (var id in await Task.WhenAll(Enumerable.Range(0, 20).Select(number => fixture.SubmitForAnyAsync($"any {number}"))))
            Assert.Equal((Other, Outcome.Ok), Of(await fixture.EndAsync(id, HostKey.Any)));
        return other;
    }

    private async Task<AgentInfo> CordonedAsync()
    {
        var cordoned = fixture.RecordAsync(known => known.State == AgentState.Cordoned);
        await fixture.AdvanceUntilAsync(cordoned, TimeSpan.FromMilliseconds(100));
        return await cordoned;
    }
}
