using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Tests.Jobs;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Registration;

/// <summary>Tests that the ledger is the agent's identity, and its hostname only its name.</summary>
public sealed class IdentityTests : JobTest
{
    [Fact]
    public async Task A_second_agent_of_a_name_is_refused_at_once_while_the_first_is_alive()
    {
        var first = await fixture.StartAgentAsync(ledger: "one");
        var registered = await fixture.RecordAsync();

        // The clock stands: only the first agent's answer decides.
        var refused = await Assert.ThrowsAsync<NameTakenException>(() => fixture.StartAgentAsync(ledger: "two"));

        Assert.Equal((JobFixture.Host, registered.Ledger, fixture.Time.GetUtcNow()), (refused.Hostname, refused.Ledger, refused.LastHeard));
        Assert.StartsWith($"the name web-01 is taken by another agent, which sent a heartbeat at 2030-01-01 00:00:00Z: ledger {registered.Ledger}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync("a"))).Outcome);
        Assert.False(first.Completion.IsCompleted);
        Assert.Equal(registered.Session, (await fixture.RecordAsync()).Session);
        // It has released its ledger, and may start under another name.
        await fixture.StartAgentAsync("web-02", ledger: "two");
    }

    [Fact]
    public async Task A_name_whose_agent_is_silent_is_taken_over_after_three_heartbeats_and_not_before()
    {
        await fixture.StartFrozenAgentAsync("one");
        var dead = await fixture.RecordAsync();
        var began = fixture.Time.GetUtcNow();

        await fixture.TakeOverAsync("two");

        Assert.True(fixture.Time.GetUtcNow() - began >= TimeSpan.FromSeconds(30));
        var record = await fixture.RecordAsync();
        Assert.NotEqual(dead.Ledger, record.Ledger);
        Assert.Equal(["registered", "taken_over"], record.Timeline.Select(happened => happened.Event));
        Assert.Contains(dead.Ledger, record.Timeline[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_heartbeats_of_a_third_agent_are_not_those_of_the_silent_one()
    {
        await fixture.StartFrozenAgentAsync("one");
        var starting = fixture.TakeOverAsync("two");

        while (!starting.IsCompleted)
            await fixture.Transport.Signals.SendAsync(Subjects.Heartbeat(JobFixture.Host), JobJson.Bytes(new AgentHeartbeat { Ledger = "three", Session = "three" }), fixture.Token);

        await starting;
    }

    [Fact]
    public async Task A_name_whose_agent_was_stopped_is_free_at_once()
    {
        await (await fixture.StartAgentAsync(ledger: "one")).DisposeAsync();
        Assert.Equal(fixture.Time.GetUtcNow(), (await fixture.RecordAsync()).StoppedAt);

        await fixture.StartAgentAsync(ledger: "two");

        var record = await fixture.RecordAsync();
        Assert.Null(record.StoppedAt);
        Assert.Equal(["registered", "stopped", "taken_over"], record.Timeline.Select(happened => happened.Event));
    }

    [Fact]
    public async Task A_restarted_agent_is_the_same_one()
    {
        await (await fixture.StartAgentAsync()).DisposeAsync();
        var before = await fixture.RecordAsync();
        fixture.Time.Advance(TimeSpan.FromHours(1));

        await fixture.StartAgentAsync();

        var record = await fixture.RecordAsync();
        Assert.Equal((before.Ledger, before.RegisteredAt), (record.Ledger, record.RegisteredAt));
        Assert.NotEqual(before.Session, record.Session);
        Assert.Equal(fixture.Time.GetUtcNow(), record.StartedAt);
        Assert.Equal(["registered", "stopped", "started"], record.Timeline.Select(happened => happened.Event));
    }

    [Fact]
    public async Task A_killed_agent_restarts_at_once()
    {
        await (await fixture.StartAgentAsync()).DisposeAsync();
        // The state that it would have left after a kill.
        await ChangeAsync(known => known with { StoppedAt = null });

        await fixture.StartAgentAsync();
    }

    [Fact]
    public async Task Exactly_one_of_several_agents_takes_over_the_name_of_a_dead_one()
    {
        await fixture.StartFrozenAgentAsync("dead");

        var coming = Enumerable.Range(0, 4).Select(number => fixture.StartAgentAsync(ledger: $"new {number}")).ToList();
        await fixture.AdvanceUntilAsync(EndedAsync(coming), TimeSpan.FromSeconds(1));

        Assert.Equal(1, coming.Count(agent => agent.IsCompletedSuccessfully));
        Assert.All(coming.Where(agent => agent.IsFaulted), agent => Assert.IsType<NameTakenException>(agent.Exception!.InnerException));
    }

    [Fact]
    public async Task An_agent_whose_name_was_taken_over_while_it_was_frozen_stops()
    {
        FakeTimeProvider frozen = new(fixture.Time.GetUtcNow());
        var first = await fixture.StartFrozenAgentAsync("one", time: frozen);
        var second = await fixture.TakeOverAsync("two");
        Assert.False(first.Completion.IsCompleted);

        frozen.Advance(TimeSpan.FromSeconds(10));

        var gone = await Assert.ThrowsAsync<NameTakenException>(() => first.Completion.WaitAsync(fixture.Token));
        Assert.Contains("was taken over at 2030-01-01", gone.Message, StringComparison.Ordinal);
        Assert.Contains((await fixture.RecordAsync()).Ledger, gone.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        Assert.Null((await fixture.RecordAsync()).StoppedAt);
        Assert.False(second.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_silent_agent_that_receives_the_signal_of_the_new_owner_of_its_name_stops()
    {
        var first = await fixture.StartFrozenAgentAsync("one", isDeaf: false);
        await fixture.TakeOverAsync("two");

        await Assert.ThrowsAsync<NameTakenException>(() => first.Completion.WaitAsync(fixture.Token));
    }

    [Fact]
    public async Task A_copy_of_a_ledger_is_distinguished_by_its_session()
    {
        var agent = await fixture.StartAgentAsync();
        await ChangeAsync(known => known with { Session = "the copy's" });

        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        var gone = await Assert.ThrowsAsync<NameTakenException>(() => agent.Completion.WaitAsync(fixture.Token));
        Assert.Contains("with a copy of this agent's ledger", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_is_removed_while_it_runs_registers_again()
    {
        await fixture.StartAgentAsync();
        await fixture.Transport.Hosts.DeleteAsync(JobFixture.Host, fixture.Token);

        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("registered", (await fixture.RecordAsync(_ => true)).Timeline[^1].Event);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_at_first_only_delays_the_start()
    {
        var failures = 3;
        FaultyTransport faulty = new(fixture.Transport) { Fail = (call, _) => call == Call.Register && failures-- > 0 ? Fault.After : Fault.None };

        var starting = fixture.StartAgentAsync(through: faulty);
        await fixture.AdvanceUntilAsync(starting, TimeSpan.FromMilliseconds(100));

        Assert.Equal(["registered"], (await fixture.RecordAsync()).Timeline.Select(happened => happened.Event));
    }

    [Fact]
    public async Task An_invalid_value_is_replaced()
    {
        await fixture.Transport.Hosts.PutAsync(JobFixture.Host, "nonsense"u8.ToArray(), expectedRevision: null, fixture.Token);

        await fixture.StartAgentAsync();

        Assert.Equal(JobFixture.Host, (await fixture.RecordAsync()).Hostname);
    }

    private static async Task EndedAsync(IEnumerable<Task> tasks) => await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Task ChangeAsync(Func<AgentInfo, AgentInfo> change) => HostRecords.ChangeAsync(fixture.Transport, JobFixture.Host, known => change(known!), fixture.Token);
}
