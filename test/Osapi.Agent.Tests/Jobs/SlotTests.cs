using Osapi.Agent.Jobs;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class SlotTests : JobTest
{
    [Fact]
    public async Task The_only_slot_serves_commands_at_once_while_the_queue_is_idle()
    {
        await fixture.StartAgentAsync(maxJobs: 1);

        for (var turn = 0; turn < 50; turn++)
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync($"job {turn}"))).Outcome);

        Assert.Equal(1, fixture.RecordingOperation.MaxConcurrent);
    }

    [Fact]
    public async Task The_only_slot_serves_commands_and_the_queue_in_turn()
    {
        await fixture.StartAgentAsync(maxJobs: 1);

        for (var turn = 0; turn < 20; turn++)
        {
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitForAnyAsync($"any {turn}"), HostKey.Any)).Outcome);
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync($"job {turn}"))).Outcome);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Never_more_jobs_run_than_there_are_slots(int slots)
    {
        await fixture.StartAgentAsync(maxJobs: slots);
        var held = fixture.RecordingOperation.Hold("held");

        var asked = await Task.WhenAll(Enumerable.Range(0, 40).Select(async n =>
            n % 2 == 0 ? (await fixture.SubmitAsync("held"), JobFixture.Host) : (await fixture.SubmitForAnyAsync("held"), HostKey.Any)));
        await held.Began;
        held.Release();

        foreach (var (id, executor) in asked)
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id, executor)).Outcome);
        Assert.Equal(40, fixture.RecordingOperation.Total);
        Assert.InRange(fixture.RecordingOperation.MaxConcurrent, 1, slots);
    }

    [Fact]
    public async Task Many_jobs_of_both_kinds_never_run_more_at_once_than_there_are_slots_and_each_runs_once()
    {
        const int Slots = 4;
        const int Jobs = 400;
        var held = Enumerable.Range(0, Jobs).Select(number => fixture.RecordingOperation.Hold($"job {number}")).ToList();
        await fixture.StartAgentAsync(maxJobs: Slots);
        var asked = await Task.WhenAll(Enumerable.Range(0, Jobs).Select(async number =>
            number % 2 == 0 ? (await fixture.SubmitAsync($"job {number}"), JobFixture.Host) : (await fixture.SubmitForAnyAsync($"job {number}"), HostKey.Any)));

        // Each holds its slot until the test releases it, so that the maximum number runs at once.
        HashSet<int> left = [.. Enumerable.Range(0, Jobs)];
        while (left.Count > 0)
        {
            List<Task> waiting;
            while ((waiting = [.. left.Select(number => held[number].Began).Where(began => !began.IsCompleted)]).Count > left.Count - Math.Min(Slots, left.Count))
                await Task.WhenAny(waiting).WaitAsync(fixture.Token);
            var running = left.Where(number => held[number].Began.IsCompleted).ToList();
            Assert.Equal(Math.Min(Slots, left.Count), running.Count);
            held[running[0]].Release();
            left.Remove(running[0]);
        }

        foreach (var (id, executor) in asked)
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(id, executor)).Outcome);
        Assert.Equal(Jobs, fixture.RecordingOperation.Total);
        Assert.Equal(Slots, fixture.RecordingOperation.MaxConcurrent);
    }

    [Fact]
    public async Task All_slots_are_used()
    {
        await fixture.StartAgentAsync(maxJobs: 3);
        var held = Enumerable.Range(0, 3).Select(n => fixture.RecordingOperation.Hold($"held {n}")).ToList();
        await fixture.SubmitAsync("held 0");
        await fixture.SubmitForAnyAsync("held 1");
        await fixture.SubmitForAnyAsync("held 2");

        await Task.WhenAll(held.Select(gate => gate.Began)).WaitAsync(fixture.Token);

        Assert.Equal(3, fixture.RecordingOperation.MaxConcurrent);
    }

    [Fact]
    public async Task A_full_host_leaves_the_queue_to_others()
    {
        var held = fixture.RecordingOperation.Hold("held");
        await fixture.StartAgentAsync(maxJobs: 1);
        await fixture.SubmitAsync("held");
        await held.Began;
        var id = await fixture.SubmitForAnyAsync("any");

        await fixture.StartAgentAsync("web-02");

        Assert.Equal("web-02", (await fixture.EndAsync(id, HostKey.Any)).Hostname);
    }

    [Fact]
    public async Task Quick_operations_are_answered_while_every_slot_is_taken()
    {
        await fixture.StartAgentAsync(maxJobs: 1);
        var held = fixture.RecordingOperation.Hold("held");
        var busy = await fixture.SubmitAsync("held");
        await held.Began;
        await fixture.SubmitAsync("waits");
        await fixture.SubmitForAnyAsync("waits");

        for (var turn = 0; turn < 10; turn++)
        {
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitAsync("glance", WorkOperations.Glance))).Outcome);
            Assert.Equal(Outcome.Ok, (await fixture.EndAsync(await fixture.SubmitForAnyAsync("glance", WorkOperations.Glance), HostKey.Any)).Outcome);
        }

        Assert.Equal([JobEventKind.Start], await fixture.StatesAsync(busy));
        Assert.Equal(0, fixture.RecordingOperation.Count("waits"));
    }

    [Fact]
    public async Task A_quick_operation_that_takes_longer_than_five_seconds_is_ended()
    {
        await fixture.StartAgentAsync(maxJobs: 1);
        var held = fixture.RecordingOperation.Hold("glance");
        var id = await fixture.SubmitAsync("glance", WorkOperations.Glance);
        await held.Began;

        fixture.Time.Advance(TimeSpan.FromSeconds(5));

        var entry = await fixture.EndAsync(id);
        Assert.Equal((Outcome.Failed, ErrorType.Timeout, "timed out after 5 s"), (entry.Outcome, entry.ErrorType, entry.Error));
    }

    [Fact]
    public async Task A_borrowed_slot_is_requested_back_only_when_no_other_is_free()
    {
        using JobSlots slots = new(2);
        using var borrowedSlot = await slots.AcquireSpareAsync(fixture.Token);

        var first = await slots.AcquireAsync(fixture.Token);
        Assert.False(borrowedSlot.IsRequestedBack.IsCancellationRequested);
        var second = slots.AcquireAsync(fixture.Token);
        Assert.True(borrowedSlot.IsRequestedBack.IsCancellationRequested);
        Assert.False(second.IsCompleted);

        borrowedSlot.Dispose();
        using var got = await second;
        first.Dispose();
    }

    [Fact]
    public async Task A_waiting_command_gets_a_slot_before_the_queue()
    {
        using JobSlots slots = new(1);
        var first = await slots.AcquireAsync(fixture.Token);
        var borrowed = slots.AcquireSpareAsync(fixture.Token);
        var second = slots.AcquireAsync(fixture.Token);

        first.Dispose();
        var held = await second;
        Assert.False(borrowed.IsCompleted);
        held.Dispose();
        using var borrowedSlot = await borrowed;
    }

    [Fact]
    public async Task A_slot_with_a_job_is_not_requested_back()
    {
        using JobSlots slots = new(1);
        var borrowedSlot = await slots.AcquireSpareAsync(fixture.Token);
        var kept = borrowedSlot.Promote();

        var waiting = slots.AcquireAsync(fixture.Token);
        borrowedSlot.Dispose();

        Assert.False(borrowedSlot.IsRequestedBack.IsCancellationRequested);
        Assert.False(waiting.IsCompleted);
        kept.Dispose();
        kept.Dispose();
        using var got = await waiting;
        Assert.False(slots.AcquireAsync(fixture.Token).IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_wait_does_not_keep_a_slot()
    {
        using JobSlots slots = new(1);
        var held = await slots.AcquireAsync(fixture.Token);
        using CancellationTokenSource leaving = new();
        var command = slots.AcquireAsync(leaving.Token);
        var queue = slots.AcquireSpareAsync(leaving.Token);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue);
        held.Dispose();

        using var free = await slots.AcquireAsync(fixture.Token);
    }
}
