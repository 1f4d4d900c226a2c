using System.Text;
using Osapi.Agent.Tests.Jobs;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Registration;

/// <summary>Tests of an agent's reaction to the operator's drain.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private const string Other = "web-02";
    private JobFixture room = null!;

    public async ValueTask InitializeAsync() => room = await JobFixture.OpenAsync();

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task It_finishes_what_it_has_takes_nothing_new_and_then_is_cordoned()
    {
        var held = room.RecordingOperation.Hold("running");
        await room.StartAgentAsync();
        var running = await room.SubmitForAnyAsync("running");
        await held.Began;

        await room.DrainAsync();
        await room.LogLines.WaitForLineAsync("Drained by operator (kernel update)").WaitAsync(room.Token);
        await AssertOnlyTheOtherTakesAsync();
        room.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(AgentState.Draining, (await room.RecordAsync()).State);
        held.Release();

        Assert.Equal((JobFixture.Host, Outcome.Ok), Of(await room.EndAsync(running, HostKey.Any)));
        var cordoned = await CordonedAsync();
        Assert.Equal(("cordoned", "All jobs completed"), (cordoned.Timeline[^1].Event, cordoned.Timeline[^1].Message));
    }

    [Fact]
    public async Task A_command_that_was_on_its_way_is_executed()
    {
        await room.StartAgentAsync();
        await room.DrainAsync();
        await CordonedAsync();

        Assert.Equal((JobFixture.Host, Outcome.Ok), Of(await room.EndAsync(await room.SubmitAsync("late"))));
    }

    [Fact]
    public async Task It_stays_drained_when_the_agent_restarts_and_works_again_when_it_is_undrained()
    {
        var agent = await room.StartAgentAsync();
        await room.DrainAsync();
        await CordonedAsync();

        await agent.DisposeAsync();
        await room.StartAgentAsync();
        Assert.Equal((AgentState.Cordoned, "kernel update"), ((await room.RecordAsync()).State, (await room.RecordAsync()).Drain!.Reason));
        await room.LogLines.WaitForLineAsync("Drained by operator", times: 2).WaitAsync(room.Token);
        var other = await AssertOnlyTheOtherTakesAsync();
        await other.DisposeAsync();
        var waiting = await room.SubmitForAnyAsync("waits");
        await room.UndrainAsync();

        Assert.Equal((JobFixture.Host, Outcome.Ok), Of(await room.EndAsync(waiting, HostKey.Any)));
    }

    [Fact]
    public async Task It_takes_nothing_when_it_was_drained_while_it_was_away()
    {
        await (await room.StartAgentAsync()).DisposeAsync();
        await room.DrainAsync();
        var early = await room.SubmitForAnyAsync("early", startWithin: 3600);

        await room.StartAgentAsync();
        await CordonedAsync();
        await room.StartAgentAsync(Other);

        Assert.Equal((Other, Outcome.Ok), Of(await room.EndAsync(early, HostKey.Any)));
    }

    [Fact]
    public async Task Whoever_takes_over_the_name_is_drained_too()
    {
        await (await room.StartAgentAsync(ledger: "one")).DisposeAsync();
        await room.DrainAsync();

        await room.StartAgentAsync(ledger: "two");

        await CordonedAsync();
        await AssertOnlyTheOtherTakesAsync();
    }

    [Fact]
    public async Task A_word_that_got_lost_is_only_late()
    {
        await room.StartAgentAsync();
        await room.WriteRosterEntryAsync(JobFixture.Host, new(room.Time.GetUtcNow(), "operator"));

        room.Time.Advance(TimeSpan.FromSeconds(10));

        await CordonedAsync();
    }

    [Fact]
    public async Task Undrained_before_everything_ended_it_goes_on()
    {
        var held = room.RecordingOperation.Hold("running");
        await room.StartAgentAsync();
        await room.SubmitAsync("running");
        await held.Began;
        await room.DrainAsync();
        await room.LogLines.WaitForLineAsync("Drained by").WaitAsync(room.Token);

        await room.UndrainAsync();

        Assert.Equal((JobFixture.Host, Outcome.Ok), Of(await room.EndAsync(await room.SubmitForAnyAsync("next"), HostKey.Any)));
        held.Release();
        room.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(AgentState.Ready, (await room.RecordAsync()).State);
        Assert.DoesNotContain((await room.RecordAsync()).Timeline, happened => happened.Event == "cordoned");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"name":"web-01","version":1}""")]
    [InlineData("""{"name":"web-02","version":9}""")]
    [InlineData("""{"name":"web-01","version":9,"drain":7}""")]
    public async Task A_word_that_is_missing_older_or_not_understood_does_not_undrain_it(string content)
    {
        await room.StartAgentAsync();
        await room.WriteRosterEntryAsync(JobFixture.Host, null);
        await room.DrainAsync();
        await CordonedAsync();

        if (content.Length == 0)
            await room.Transport.Roster.DeleteAsync(JobFixture.Host, room.Token);
        else
            await room.Transport.Roster.PutAsync(JobFixture.Host, Encoding.UTF8.GetBytes(content), null, room.Token);
        await room.Transport.Signals.SendAsync(Subjects.RecordChanged(JobFixture.Host), ReadOnlyMemory<byte>.Empty, room.Token);
        room.Time.Advance(TimeSpan.FromSeconds(10));

        await AssertOnlyTheOtherTakesAsync();
    }

    [Fact]
    public async Task Nothing_else_known_one_that_is_not_understood_keeps_it_from_the_queue()
    {
        await room.Transport.Roster.PutAsync(JobFixture.Host, "not json"u8.ToArray(), null, room.Token);
        await room.StartAgentAsync();
        await room.LogLines.WaitForLineAsync("Skipped the invalid roster entry").WaitAsync(room.Token);

        await AssertOnlyTheOtherTakesAsync();
        room.Time.Advance(TimeSpan.FromSeconds(2));
        await room.RecordAsync(known => known.Timeline.Any(happened => happened.Event == "cordoned"));
        room.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Single((await room.RecordAsync()).Timeline, happened => happened.Event == "cordoned");
    }

    private static (string, Outcome) Of(HostReply entry) => (entry.Hostname, entry.Outcome);

    private async Task<OsapiAgent> AssertOnlyTheOtherTakesAsync()
    {
        var other = await room.StartAgentAsync(Other);
        foreach (var id in await Task.WhenAll(Enumerable.Range(0, 20).Select(number => room.SubmitForAnyAsync($"any {number}"))))
            Assert.Equal((Other, Outcome.Ok), Of(await room.EndAsync(id, HostKey.Any)));
        return other;
    }

    private async Task<AgentInfo> CordonedAsync()
    {
        var cordoned = room.RecordAsync(known => known.State == AgentState.Cordoned);
        await room.AdvanceUntilAsync(cordoned, TimeSpan.FromMilliseconds(100));
        return await cordoned;
    }
}
