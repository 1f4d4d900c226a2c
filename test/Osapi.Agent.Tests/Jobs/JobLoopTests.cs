using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class JobLoopTests : JobTest
{
    [Fact]
    public async Task A_directed_job_runs_once_and_publishes_its_result()
    {
        await fixture.StartAgentAsync();

        var id = await fixture.SubmitAsync("a");

        var entry = await fixture.EndAsync(id);
        Assert.Equal((JobFixture.Host, Outcome.Ok, true, null), (entry.Hostname, entry.Outcome, entry.Changed, entry.Error));
        Assert.Equal("a", entry.As(WorkJson.Results.WorkDone).Result!.Name);
        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id));
        Assert.Equal(1, fixture.RecordingOperation.Count("a"));
    }

    [Fact]
    public async Task A_job_for_any_host_runs_on_one_of_them_and_leaves_the_queue()
    {
        await fixture.StartAgentAsync("web-01");
        await fixture.StartAgentAsync("web-02");
        await fixture.StartAgentAsync("web-03");

        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => fixture.SubmitForAnyAsync($"job {n}")));

        foreach (var id in ids)
        {
            var entry = await fixture.EndAsync(id, HostKey.Any);
            Assert.Equal(Outcome.Ok, entry.Outcome);
            Assert.StartsWith("web-0", entry.Hostname, StringComparison.Ordinal);
            Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id, HostKey.Any));
        }

        Assert.All(Enumerable.Range(0, 40), n => Assert.Equal(1, fixture.RecordingOperation.Count($"job {n}")));
        // Nothing is redelivered after the acknowledge timeout: the next message of the queue is a new job.
        fixture.Time.Advance(QueueDelivery.AcknowledgeTimeout * 2);
        await fixture.EndAsync(await fixture.SubmitForAnyAsync("last"), HostKey.Any);
        Assert.Equal(41, fixture.RecordingOperation.Total);
    }

    [Fact]
    public async Task A_broadcast_runs_once_on_each_host()
    {
        await fixture.StartAgentAsync("web-01");
        await fixture.StartAgentAsync("web.02");

        var first = await fixture.SubmitAsync("all", host: "web-01");
        var second = await fixture.SubmitAsync("all", host: "web.02");

        Assert.Equal("web-01", (await fixture.EndAsync(first)).Hostname);
        Assert.Equal("web.02", (await fixture.EndAsync(second, HostKey.Of("web.02"))).Hostname);
        Assert.Equal(2, fixture.RecordingOperation.Count("all"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_past_its_time_never_starts_and_ends_expired(bool any)
    {
        var id = any ? await fixture.SubmitForAnyAsync("late", startWithin: 5) : await fixture.SubmitAsync("late", startWithin: 5);
        fixture.Time.Advance(TimeSpan.FromSeconds(6));

        await fixture.StartAgentAsync();

        Assert.Equal(Outcome.Expired, (await fixture.EndAsync(id, any ? HostKey.Any : JobFixture.Host)).Outcome);
        Assert.Equal([JobEventKind.Expired], await fixture.StatesAsync(id, any ? HostKey.Any : JobFixture.Host));
        Assert.Equal(0, fixture.RecordingOperation.Total);
    }

    [Fact]
    public async Task A_job_that_waits_for_a_slot_until_its_deadline_never_starts()
    {
        var held = fixture.RecordingOperation.Hold("long");
        await fixture.StartAgentAsync(maxJobs: 1);
        var first = await fixture.SubmitAsync("long");
        await held.Began;
        var second = await fixture.SubmitAsync("short", startWithin: 5);
        fixture.Time.Advance(TimeSpan.FromSeconds(6));
        held.Release();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(first)).Outcome);
        Assert.Equal(Outcome.Expired, (await fixture.EndAsync(second)).Outcome);
        Assert.Equal(0, fixture.RecordingOperation.Count("short"));
    }

    [Fact]
    public async Task A_start_that_is_won_only_after_its_time_is_not_run()
    {
        var tries = 0;
        FaultyTransport faulty = new(fixture.Transport)
        {
            // The store does not answer until the timeout.
            Fail = (call, append) =>
            {
                if (call != Call.Append || ++tries > 3)
                    return Fault.None;
                fixture.Time.Advance(TimeSpan.FromSeconds(4));
                return Fault.Before;
            },
        };
        await fixture.StartAgentAsync(through: faulty, time: new AcceleratedTimeProvider());

        var id = await fixture.SubmitAsync("late", startWithin: 10);

        Assert.Equal(Outcome.Expired, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal(0, fixture.RecordingOperation.Total);
    }

    [Theory]
    [InlineData(JobEventKind.Expired)]
    [InlineData(JobEventKind.Cancelled)]
    [InlineData(JobEventKind.Start)]
    public async Task A_job_that_a_controller_or_another_host_decided_first_is_not_run(JobEventKind first)
    {
        var directed = await fixture.SubmitAsync("directed");
        var any = await fixture.SubmitForAnyAsync("any");
        JobEvent state = new() { Kind = first, Host = "db-01", Ledger = "another", Session = "another" };
        await fixture.AppendStateAsync(directed, JobFixture.Host, state with { Host = JobFixture.Host }, after: 0);
        await fixture.AppendStateAsync(any, HostKey.Any, state, after: 0);

        await fixture.StartAgentAsync(maxJobs: 1);

        // With one slot, a later job ends later.
        await fixture.EndAsync(await fixture.SubmitAsync("next"));
        await fixture.EndAsync(await fixture.SubmitForAnyAsync("next any"), HostKey.Any);
        Assert.Equal(2, fixture.RecordingOperation.Total);
        Assert.Equal([first], await fixture.StatesAsync(directed));
        Assert.Equal([first], await fixture.StatesAsync(any, HostKey.Any));
    }

    [Fact]
    public async Task An_agent_that_took_over_a_name_never_runs_what_the_first_took()
    {
        var held = fixture.RecordingOperation.Hold("a");
        await fixture.StartFrozenAgentAsync("one", maxJobs: 1);
        var id = await fixture.SubmitAsync("a", startWithin: 3600);
        await held.Began;

        await using (var second = await fixture.TakeOverAsync("two", maxJobs: 1))
            await fixture.EndAsync(await fixture.SubmitAsync("b"));
        held.Release();

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal((1, 1), (fixture.RecordingOperation.Count("a"), fixture.RecordingOperation.Count("b")));
    }

    [Fact]
    public async Task An_agent_that_does_not_know_yet_that_its_name_was_taken_over_and_the_new_one_run_each_job_once()
    {
        await fixture.StartFrozenAgentAsync("one");
        await fixture.TakeOverAsync("two");

        var ids = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => fixture.SubmitAsync($"job {n}")));

        foreach (var id in ids)
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id)).Outcome);
        Assert.Equal(30, fixture.RecordingOperation.Total);
    }

    [Fact]
    public async Task A_redelivered_job_runs_once()
    {
        var held = fixture.RecordingOperation.Hold("a");
        FaultyTransport deaf = new(fixture.Transport) { Fail = (call, _) => call == Call.Acknowledge ? Fault.Before : Fault.None };
        await fixture.StartAgentAsync(through: deaf);
        var id = await fixture.SubmitForAnyAsync("a");
        await held.Began;

        // The message is redelivered while the job runs, and after it ended.
        await fixture.StartAgentAsync("web-02");
        fixture.Time.Advance(QueueDelivery.AcknowledgeTimeout + TimeSpan.FromSeconds(1));
        await fixture.EndAsync(await fixture.SubmitForAnyAsync("between"), HostKey.Any);
        held.Release();
        await fixture.EndAsync(id, HostKey.Any);
        fixture.Time.Advance(QueueDelivery.AcknowledgeTimeout + TimeSpan.FromSeconds(1));
        await fixture.EndAsync(await fixture.SubmitForAnyAsync("after"), HostKey.Any);

        Assert.Equal(1, fixture.RecordingOperation.Count("a"));
        Assert.Equal([JobEventKind.Start, JobEventKind.Finished], await fixture.StatesAsync(id, HostKey.Any));
    }

    [Fact]
    public async Task A_large_result_arrives_whole_through_an_object()
    {
        await fixture.StartAgentAsync();

        var id = await fixture.SubmitAsync("large", size: 1_000_000);

        var state = await fixture.WaitForStateAsync(id, JobFixture.Host, JobEventKind.Finished);
        Assert.Equal($"{JobFixture.Host}/{id}.{JobFixture.Host}", state.ObjectName);
        Assert.Null(state.Entry);
        Assert.Equal(new('x', 1_000_000), (await fixture.EndAsync(id)).As(WorkJson.Results.WorkDone).Result!.Output);
    }

    [Fact]
    public async Task Unknown_messages_are_skipped()
    {
        foreach (var text in (string[])["", "null", "[]", "{", "{}", "\0", """{"kind":"dance","job_id":"x"}""", """{"kind":"run","job_id":""}""", """{"kind":"run","job_id":"x"}""", """{"kind":"run","job_id":null,"operation":"a"}"""])
        {
            await fixture.AppendCommandAsync(JobFixture.Host, "x", System.Text.Encoding.UTF8.GetBytes(text));
            await fixture.Transport.AppendAsync([new(StreamName.WorkQueue, Subjects.Any, System.Text.Encoding.UTF8.GetBytes(text))], fixture.Token);
        }

        var agent = await fixture.StartAgentAsync(maxJobs: 1);

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync("a"))).Outcome);
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitForAnyAsync("b"), HostKey.Any)).Outcome);
        Assert.False(agent.Completion.IsCompleted);
    }

    [Fact]
    public async Task An_unknown_operation_is_refused_with_a_message()
    {
        await fixture.StartAgentAsync();
        const string id = "00000000-0000-0000-0000-000000000001";

        await fixture.AppendCommandAsync(JobFixture.Host, id, JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = JobIds.Of(id), Operation = "moon.land.execute", StartWithin = 10 }));

        var entry = await fixture.EndAsync(id);
        Assert.Equal((Outcome.Failed, ErrorType.Unsupported, "this agent does not know the operation moon.land.execute"), (entry.Outcome, entry.ErrorType, entry.Error));
    }

    [Fact]
    public async Task A_command_without_a_request_is_refused_with_a_message()
    {
        await fixture.StartAgentAsync();
        const string id = "00000000-0000-0000-0000-000000000002";

        await fixture.AppendCommandAsync(JobFixture.Host, id, JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = JobIds.Of(id), Operation = WorkOperations.Act.Id, StartWithin = 10 }));

        var entry = await fixture.EndAsync(id);
        Assert.Equal((Outcome.Failed, ErrorType.Invalid), (entry.Outcome, entry.ErrorType));
        Assert.Contains("name", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_registers_and_sends_heartbeats_on_ping_and_every_10_seconds()
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(fixture.Token);
        await using var beats = fixture.Transport.Signals.ListenAsync(Subjects.Heartbeats, listening.Token).GetAsyncEnumerator(listening.Token);
        var first = beats.MoveNextAsync();
        await fixture.StartAgentAsync();

        Assert.True(await first);
        Assert.Equal(Subjects.Heartbeat(JobFixture.Host), beats.Current.Subject);
        var registered = JobJson.Agent((await fixture.Transport.Hosts.GetAsync(JobFixture.Host, fixture.Token))!.Value);
        Assert.Equal(JobFixture.Host, registered.Hostname);

        var next = beats.MoveNextAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await next);
    }
}
