using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class FailingStoreTests() : JobTest(new AcceleratedTimeProvider())
{
    public static TheoryData<int, bool> Faults
    {
        get
        {
            TheoryData<int, bool> faults = [];
            foreach (var call in Enum.GetValues<Call>())
            {
                faults.Add((int)call, false);
                faults.Add((int)call, true);
            }

            return faults;
        }
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task Any_call_may_fail_three_times_before_or_after_its_effect(int which, bool after)
    {
        var left = 3;
        FaultyTransport faulty = new(fixture.Transport)
        {
            Fail = (call, _) => (int)call == which && Interlocked.Decrement(ref left) >= 0 ? after ? Fault.After : Fault.Before : Fault.None,
        };
        var agent = await fixture.StartAgentAsync(through: faulty);

        var directed = await fixture.SubmitAsync("directed", startWithin: 3600);
        var large = await fixture.SubmitAsync("large", size: 300_000, startWithin: 3600);
        var any = await fixture.SubmitForAnyAsync("any", startWithin: 3600);

        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(any, HostKey.Any)).Outcome);
        Assert.Equal(Outcome.Ok, (await fixture.EndAsync(directed)).Outcome);
        Assert.Equal(300_000, (await fixture.EndAsync(large)).As(WorkJson.Results.WorkDone).Result!.Output!.Length);
        Assert.Equal((1, 1, 1), (fixture.RecordingOperation.Count("directed"), fixture.RecordingOperation.Count("large"), fixture.RecordingOperation.Count("any")));
        Assert.False(agent.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_store_that_often_fails_makes_nothing_run_twice_and_loses_no_end()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage("seed {0}", seed);
        Random random = new(seed);
        Lock gate = new();
        FaultyTransport faulty = new(fixture.Transport) { Fail = (_, _) => Toss() };
        await fixture.StartAgentAsync(through: faulty);
        await fixture.StartAgentAsync("web-02", through: faulty);

        var asked = await Task.WhenAll(Enumerable.Range(0, 60).Select(async n => n % 2 == 0
            ? (await fixture.SubmitAsync($"job {n}", startWithin: 36000, size: n % 12 == 0 ? 300_000 : null), JobFixture.Host)
            : (await fixture.SubmitForAnyAsync($"job {n}", startWithin: 36000), HostKey.Any)));
        var ends = await Task.WhenAll(asked.Select(job => fixture.EndAsync(job.Item1, job.Item2)));

        Assert.All(ends, entry => Assert.Equal(Outcome.Ok, entry.Outcome));
        for (var n = 0; n < 60; n++)
            Assert.True(fixture.RecordingOperation.Count($"job {n}") == 1, $"job {n} ran {fixture.RecordingOperation.Count($"job {n}")} times, seed {seed}");

        Fault Toss()
        {
            lock (gate)
                return random.Next(10) switch { 0 or 1 => Fault.Before, 2 => Fault.After, _ => Fault.None };
        }
    }

    [Fact]
    public async Task A_job_that_was_removed_while_its_start_was_refused_is_not_run()
    {
        var id = await fixture.SubmitAsync("removed");
        await fixture.AppendStateAsync(id, JobFixture.Host, new() { Kind = JobEventKind.Cancelled }, 0);
        FaultyTransport faulty = new(fixture.Transport)
        {
            Fail = (call, _) =>
            {
                if (call == Call.Last)
                    fixture.Transport.PurgeAsync(StreamName.Jobs, Subjects.State(JobIds.Of(id), JobFixture.Host), before: null, default).GetAwaiter().GetResult();
                return Fault.None;
            },
        };

        await fixture.StartAgentAsync(maxJobs: 1, through: faulty);
        await fixture.EndAsync(await fixture.SubmitAsync("next"));

        Assert.Equal(0, fixture.RecordingOperation.Count("removed"));
    }
}
