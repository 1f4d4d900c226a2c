using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Tests.Jobs;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Registration;

/// <summary>Tests of a copy of an agent's state directory, on this machine or another: only one of the two runs jobs.</summary>
public sealed class CloneTests : JobTest
{
    private const string OtherBoot = "00000000-0000-4000-8000-000000000000";

    [Fact]
    public async Task A_copy_is_refused_while_the_original_answers_and_does_not_affect_its_jobs()
    {
        var original = await fixture.StartAgentAsync(ledger: "one");
        var registered = await fixture.RecordAsync();
        var held = fixture.RecordingOperation.Hold("held");
        var id = await fixture.SubmitAsync("held");
        await held.Began;
        Copy("one", "copy");

        // The clock stands: only the original's answer decides.
        var refused = await Assert.ThrowsAsync<NameTakenException>(() => fixture.StartAgentAsync(ledger: "copy"));

        Assert.Equal((registered.Ledger, fixture.Time.GetUtcNow()), (refused.Ledger, refused.LastHeard));
        Assert.Contains($"session {registered.Session}. It has the same ledger as this agent", refused.Message, StringComparison.Ordinal);
        Assert.Equal([JobEventKind.Start], await fixture.StatesAsync(id));
        held.Release();
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.False(original.Completion.IsCompleted);
        Assert.Equal(registered.Session, (await fixture.RecordAsync()).Session);
    }

    [Fact]
    public async Task The_original_shows_the_refused_agent_and_the_time_for_a_day()
    {
        await fixture.StartAgentAsync(ledger: "one");
        Copy("one", "copy");

        await Assert.ThrowsAsync<NameTakenException>(() => fixture.StartAgentAsync(
            ledger: "copy", with: options => options with { Machine = host => host with { Interfaces = () => [new() { Name = "eth0", Ipv4 = "10.0.0.9" }] } }));

        var condition = (await fixture.RecordAsync(HasClone)).Conditions.Single(condition => condition.Type == AgentConditionType.Cloned);
        Assert.Equal("an agent with a copy of this agent's ledger was refused: 10.0.0.9, 2030-01-01 00:00:00Z", condition.Reason);
        await fixture.LogLines.WaitForLineAsync("is refused: 10.0.0.9").WaitAsync(fixture.Token);
        var gone = fixture.RecordAsync(known => known.Conditions.Any(one => one is { Type: AgentConditionType.Cloned, Status: false }));
        await fixture.AdvanceUntilAsync(gone, TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"ledger":null,"session":"a"}""")]
    [InlineData("""{"ledger":"LEDGER","session":"a\u001b[2J"}""")]
    public async Task An_invalid_claim_is_skipped(string text)
    {
        await fixture.StartAgentAsync(ledger: "one");
        var ledger = (await fixture.RecordAsync()).Ledger;
        await fixture.Transport.Signals.SendAsync(Subjects.Claim(JobFixture.Host), System.Text.Encoding.UTF8.GetBytes(text.Replace("LEDGER", ledger, StringComparison.Ordinal)), fixture.Token);

        // A valid one follows; an invalid address is not shown.
        AgentClaim claim = new() { Ledger = ledger, Session = "b", Address = "\u001b[2J" };
        await fixture.Transport.Signals.SendAsync(Subjects.Claim(JobFixture.Host), JobJson.Bytes(claim), fixture.Token);

        var condition = (await fixture.RecordAsync(HasClone)).Conditions.Single(condition => condition.Type == AgentConditionType.Cloned);
        Assert.Contains("address unknown", condition.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_of_a_silent_agent_starts_after_a_second_and_reports_started_jobs_as_unknown()
    {
        var id = await StartedAsync("one");
        Copy("one", "copy");
        var began = fixture.Time.GetUtcNow();

        var starting = fixture.StartAgentAsync(ledger: "copy");
        await fixture.AdvanceUntilAsync(starting, TimeSpan.FromMilliseconds(50));

        Assert.True(fixture.Time.GetUtcNow() - began >= TimeSpan.FromSeconds(1));
        Assert.Equal((Outcome.Unknown, 0), ((await fixture.EndAsync(id)).Outcome, fixture.RecordingOperation.Total));
    }

    [Fact]
    public async Task After_a_reboot_the_agent_starts_after_a_second_and_reports_started_jobs_as_unknown()
    {
        var id = await StartedAsync("one");

        var starting = fixture.StartAgentAsync(ledger: "one", with: options => options with { BootId = OtherBoot });
        await fixture.AdvanceUntilAsync(starting, TimeSpan.FromMilliseconds(50));

        Assert.Equal((Outcome.Unknown, 0), ((await fixture.EndAsync(id)).Outcome, fixture.RecordingOperation.Total));
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync("next"))).Outcome);
    }

    [Fact]
    public async Task A_queued_job_whose_start_was_won_before_a_reboot_is_unknown()
    {
        var id = await fixture.SubmitForAnyAsync("a");
        await using (var ledger = await fixture.OpenLedgerAsync("one"))
        {
            await ledger.RecordIntentAsync(JobIds.Of(id), WorkOperations.Act.Id, fixture.Token);
            await fixture.AppendStateAsync(id, HostKey.Any, new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = ledger.Id, Session = "old" }, 0);
        }

        var starting = fixture.StartAgentAsync(ledger: "one", with: options => options with { BootId = OtherBoot });
        await fixture.AdvanceUntilAsync(starting, TimeSpan.FromMilliseconds(50));

        Assert.Equal((Outcome.Unknown, 0), ((await fixture.EndAsync(id, HostKey.Any)).Outcome, fixture.RecordingOperation.Total));
    }

    [Fact]
    public async Task An_agent_that_is_alone_on_its_transport_sends_no_query()
    {
        await (await fixture.StartAgentAsync(ledger: "one")).DisposeAsync();
        Copy("one", "copy");

        await fixture.StartAgentAsync(ledger: "copy", isAlone: true);
    }

    [Fact]
    public async Task Exactly_one_of_several_copies_that_start_concurrently_runs()
    {
        await (await fixture.StartAgentAsync(ledger: "one")).DisposeAsync();
        var copies = Enumerable.Range(0, 4).Select(number => $"copy {number}").ToList();
        copies.ForEach(copy => Copy("one", copy));

        var coming = copies.Select(copy => fixture.StartAgentAsync(ledger: copy)).ToList();
        await fixture.AdvanceUntilAsync(Task.WhenAll(coming).ContinueWith(_ => { }, TaskScheduler.Default), TimeSpan.FromMilliseconds(50));

        // The clock does not wait for an agent that is slow to answer: it then has the name for a moment, and stops.
        List<Task> began = [];
        foreach (var agent in coming.Where(agent => agent.IsCompletedSuccessfully))
            began.Add((await agent).Completion);
        while (began.Where(agent => !agent.IsCompleted).ToList() is { Count: > 1 } running)
            await Task.WhenAny(running).WaitAsync(fixture.Token);
        Assert.Equal(1, began.Count(agent => !agent.IsCompleted));
        Assert.All(began.Where(agent => agent.IsCompleted), agent => Assert.IsType<NameTakenException>(agent.Exception!.InnerException));
        Assert.All(coming.Where(agent => agent.IsFaulted), agent => Assert.IsType<NameTakenException>(agent.Exception!.InnerException));
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync("a"))).Outcome);
        Assert.Equal(1, fixture.RecordingOperation.Count("a"));
    }

    [Fact]
    public async Task An_original_that_was_stopped_does_not_come_back_while_its_copy_runs()
    {
        await (await fixture.StartAgentAsync(ledger: "one")).DisposeAsync();
        Copy("one", "copy");
        var starting = fixture.StartAgentAsync(ledger: "copy");
        await fixture.AdvanceUntilAsync(starting, TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAsync<NameTakenException>(() => fixture.StartAgentAsync(ledger: "one"));
    }

    [Fact]
    public async Task An_original_whose_copy_took_the_name_while_it_was_cut_off_runs_nothing_and_stops()
    {
        var original = await fixture.StartFrozenAgentAsync("one", isDeaf: false);
        Copy("one", "copy");
        var starting = fixture.StartAgentAsync(ledger: "copy");
        await fixture.AdvanceUntilAsync(starting, TimeSpan.FromMilliseconds(50));
        await (await starting).DisposeAsync();

        // Its clock stands: only the copy makes it stop.
        await Assert.ThrowsAsync<NameTakenException>(() => original.Completion.WaitAsync(fixture.Token));
    }

    [Fact]
    public void A_directory_knows_its_sessions_of_this_boot_and_a_limited_number_of_them()
    {
        using var directory = LedgerDirectory.Acquire(fixture.LedgerDirectory("sessions"));
        for (var session = 0; session < SessionHistory.MaxSessions + 10; session++)
            Assert.Equal(session > 0, Begin(directory, $"s{session}").IsProven);

        var history = Begin(directory, "last");
        Assert.Equal((false, true, true, false), (history.HasEnded("s9"), history.HasEnded("s10"), history.HasEnded($"s{SessionHistory.MaxSessions + 9}"), history.HasEnded("last")));
        Assert.False(Begin(directory, "next", OtherBoot).IsProven);
        Assert.False(Begin(directory, "next", bootId: null).IsProven);
        Assert.False(Begin(directory, "next", OtherBoot).IsProven);
        Assert.True(Begin(directory, "next", OtherBoot).IsProven);
        File.WriteAllText(directory.SessionsFile, new string('x', 100_000));
        Assert.False(Begin(directory, "next", OtherBoot).IsProven);
    }

    private static SessionHistory Begin(LedgerDirectory directory, string session, string? bootId = "11111111-0000-4000-8000-000000000000") =>
        SessionHistory.Begin(directory, isNew: false, session, bootId, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    private static bool HasClone(AgentInfo known) => known.Conditions.Any(condition => condition is { Type: AgentConditionType.Cloned, Status: true });

    // A job that an earlier session claimed, and that its ledger does not know.
    private async Task<string> StartedAsync(string ledger)
    {
        var id = await fixture.SubmitAsync("a");
        await using var opened = await fixture.OpenLedgerAsync(ledger);
        await fixture.AppendStateAsync(id, JobFixture.Host, new() { Kind = JobEventKind.Start, Host = JobFixture.Host, Ledger = opened.Id, Session = "old" }, 0);
        return id;
    }

    private void Copy(string from, string to)
    {
        var target = Directory.CreateDirectory(fixture.LedgerDirectory(to)).FullName;
        foreach (var file in Directory.GetFiles(fixture.LedgerDirectory(from)))
            if (Path.GetFileName(file) != "lock")
                CopyShared(file, Path.Combine(target, Path.GetFileName(file)));
    }

    private static void CopyShared(string from, string to)
    {
        // Like cp(1), which needs no lock; the framework's copy takes one.
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = File.Create(to);
        source.CopyTo(target);
    }
}
