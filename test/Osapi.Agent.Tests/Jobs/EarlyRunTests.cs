using System.Collections.Concurrent;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>Tests of quick operations, which run before their start is in the log.</summary>
public sealed class EarlyRunTests : JobTest
{
    private const int MaxAttempts = 50;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_start_and_the_end_are_one_message(bool any)
    {
        ConcurrentQueue<string> appends = [];
        await fixture.StartAgentAsync(through: Recording(appends));

        var id = await SubmitAsync("a", any);

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id, Executor(any))).Outcome);
        Assert.Equal([JobEventKind.Finished], await fixture.StatesAsync(id, Executor(any)));
        Assert.Single(appends, subject => subject.Contains(id, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_longer_run_gets_its_start_while_it_runs(bool any)
    {
        var held = fixture.RecordingOperation.Hold("long");
        await fixture.StartAgentAsync();

        var id = await SubmitAsync("long", any);

        await fixture.WaitForStateAsync(id, Executor(any), JobEventKind.Start);
        held.Release();
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id, Executor(any))).Outcome);
        Assert.Equal(1, fixture.RecordingOperation.Total);
    }

    [Theory]
    [InlineData(JobEventKind.Expired)]
    [InlineData(JobEventKind.Cancelled)]
    [InlineData(JobEventKind.Start)]
    public async Task The_result_of_a_job_that_another_decided_meanwhile_is_discarded(JobEventKind first)
    {
        await fixture.StartAgentAsync(maxJobs: 1);
        string id;
        // On a busy machine the agent may be first, with the start of a run that takes long.
        for (var attempt = 1; ; attempt++)
        {
            var held = fixture.RecordingOperation.Hold($"late {attempt}");
            id = await fixture.SubmitForAnyAsync($"late {attempt}", WorkOperations.Glance);
            await held.Began;
            var isFirst = await fixture.AppendStateAsync(id, HostKey.Any, new() { Kind = first, Host = "db-01", Ledger = "another", Session = "another" }, after: 0);
            held.Release();
            if (isFirst)
                break;
            Assert.True(attempt < MaxAttempts);
            await fixture.EndAsync(id, HostKey.Any);
        }

        await fixture.EndAsync(await fixture.SubmitForAnyAsync("next", WorkOperations.Glance), HostKey.Any);
        Assert.Equal([first], await fixture.StatesAsync(id, HostKey.Any));
    }

    [Fact]
    public async Task A_message_that_is_not_valid_before_its_start_changes_nothing()
    {
        var id = await fixture.SubmitAsync("a", WorkOperations.Glance);
        await fixture.AppendStateAsync(id, JobFixture.Host, new() { Kind = JobEventKind.Lost, Host = JobFixture.Host, Ledger = "another", Session = "another" });

        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal(1, fixture.RecordingOperation.Total);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_fails_once_gets_the_end_once(bool hadEffect)
    {
        var fault = hadEffect ? Fault.After : Fault.Before;
        var failures = 0;
        await fixture.StartAgentAsync(through: new FaultyTransport(fixture.Transport)
        {
            Fail = (call, message) => call == Call.Append && message?.Stream == StreamName.Jobs && Interlocked.Increment(ref failures) == 1 ? fault : Fault.None,
        });

        var id = await fixture.SubmitAsync("a", WorkOperations.Glance);

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal(hadEffect ? [JobEventKind.Finished] : [JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id));
        Assert.Equal(1, fixture.RecordingOperation.Total);
    }

    [Fact]
    public async Task A_result_that_does_not_fit_a_message_arrives_whole()
    {
        await fixture.StartAgentAsync();

        var id = await fixture.SubmitAsync("large", WorkOperations.Glance, size: 2 * JobEntries.MaxInlineSize);

        var reply = await fixture.EndAsync(id);
        Assert.Equal(2 * JobEntries.MaxInlineSize, reply.Result!.Value.GetProperty("output").GetString()!.Length);
        Assert.Equal(1, fixture.RecordingOperation.Total);
    }

    private static string Executor(bool any) => any ? HostKey.Any : JobFixture.Host;

    private Task<string> SubmitAsync(string name, bool any) =>
        any ? fixture.SubmitForAnyAsync(name, WorkOperations.Glance) : fixture.SubmitAsync(name, WorkOperations.Glance);

    private FaultyTransport Recording(ConcurrentQueue<string> appends) => new(fixture.Transport)
    {
        Fail = (call, message) =>
        {
            if (call == Call.Append)
                appends.Enqueue(message!.Value.Subject);
            return Fault.None;
        },
    };
}
