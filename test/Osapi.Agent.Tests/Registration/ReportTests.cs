using Osapi.Agent.Hosts.Disks;
using Osapi.Agent.Tests.Hosts;
using Osapi.Agent.Tests.Jobs;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Registration;

/// <summary>
/// Tests of the facts and conditions that an agent publishes: in its record when they change, in its heartbeats always.
/// </summary>
public sealed class ReportTests : JobTest
{
    private readonly PreparedTree tree = new PreparedTree()
        .With("proc/sys/kernel/hostname", "web-01\n").With("proc/sys/kernel/osrelease", "6.1.0\n").With("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        .With("sys/devices/system/cpu/online", "0-1\n").With("etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        .With("proc/uptime", "90061.00 1.00\n").With("proc/loadavg", "0.50 0.10 0.10 1/100 4711\n")
        .With("proc/meminfo", "MemTotal: 100 kB\nMemFree: 40 kB\nMemAvailable: 49 kB\n")
        .With("proc/filesystems", "\text4\n").With("proc/self/mountinfo", "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n").Mounted("/", 100, 40, 40);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        tree.Dispose();
    }

    [Fact]
    public async Task The_record_has_the_facts_the_conditions_and_the_machines_id()
    {
        await StartAsync();

        var record = await fixture.RecordAsync(known => known.Facts is not null);

        Assert.Equal(("6.1.0", 2, "debian", "12"), (record.Facts!.KernelVersion, record.Facts.CpuCount, record.Facts.OsInfo!.Distribution, record.Facts.OsInfo.Version));
        Assert.Equal("0123456789abcdef0123456789abcdef", record.MachineId);
        Assert.Equal(
            [AgentConditionType.MemoryPressure, AgentConditionType.HighLoad, AgentConditionType.DiskPressure, AgentConditionType.Cloned], record.Conditions.Select(condition => condition.Type));
        Assert.All(record.Conditions, condition => Assert.Equal((false, null, fixture.Time.GetUtcNow()), (condition.Status, condition.Reason, condition.LastTransitionTime)));
    }

    [Fact]
    public async Task A_condition_that_changes_is_written_at_the_next_look_with_the_time_and_is_kept_over_a_restart()
    {
        var agent = await StartAsync();
        await fixture.RecordAsync(known => known.Facts is not null);
        tree.With("proc/loadavg", "4.12 0.10 0.10 1/100 4711\n");

        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        var since = fixture.Time.GetUtcNow();
        AgentCondition high = new(AgentConditionType.HighLoad, true, since, "load 4.12, threshold 4.00 for 2 CPUs");
        Assert.Equal(high, (await fixture.RecordAsync(known => known.Conditions.Any(condition => condition.Status))).Conditions[1]);

        await agent.DisposeAsync();
        fixture.Time.Advance(TimeSpan.FromHours(1));
        await StartAsync();
        Assert.Equal(high, (await fixture.RecordAsync(known => known.StartedAt > since && known.UpdatedAt >= known.StartedAt)).Conditions[1]);
    }

    [Fact]
    public async Task Nothing_is_written_while_nothing_changes_but_every_10_minutes()
    {
        await StartAsync();
        var revision = (await RevisionAsync(known => known.Facts is not null)).Revision;

        // Figures that stay on their side of the threshold are not a change.
        for (var check = 0; check < 59; check++)
        {
            tree.With("proc/loadavg", $"0.{check + 10} 0.10 0.10 1/100 4711\n");
            await BeatAsync();
        }

        Assert.Equal(revision, (await fixture.Transport.Hosts.GetAsync(JobFixture.Host, fixture.Token))!.Revision);
        var again = RevisionAsync(known => known.UpdatedAt >= new DateTimeOffset(2030, 1, 1, 0, 10, 0, TimeSpan.Zero));
        await fixture.AdvanceUntilAsync(again, TimeSpan.FromSeconds(10));
        Assert.True((await again).Revision > revision);
    }

    [Fact]
    public async Task A_heartbeat_names_its_ledger_and_carries_the_figures_of_the_moment()
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(fixture.Token);
        await using var heartbeats = fixture.Transport.Signals.ListenAsync(Subjects.Heartbeats, listening.Token).GetAsyncEnumerator(listening.Token);
        var next = heartbeats.MoveNextAsync();

        await StartAsync();

        Assert.True(await next);
        var heartbeat = JobJson.TryParseHeartbeat(heartbeats.Current.Payload)!;
        var record = await fixture.RecordAsync();
        Assert.Equal((record.Ledger, record.Session), (heartbeat.Ledger, heartbeat.Session));
        Assert.Equal(("1 day, 1 hour, 1 minute", 0.5, 100L * 1024, 51L * 1024), (heartbeat.Uptime, heartbeat.LoadAverage!.OneMinute, heartbeat.Memory!.Total, heartbeat.Memory.Used));
    }

    [Fact]
    public async Task A_hanging_file_system_does_not_delay_heartbeats()
    {
        using ManualResetEvent hanging = new(initialState: false);
        var agent = await fixture.StartAgentAsync(with: options => options with
        {
            Machine = host => tree.Host with { Name = host.Name, Time = host.Time, SpaceAt = _ => Hang(hanging) },
        });
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(fixture.Token);
        await using var heartbeats = fixture.Transport.Signals.ListenAsync(Subjects.Heartbeats, listening.Token).GetAsyncEnumerator(listening.Token);

        for (var heartbeat = 0; heartbeat < 5; heartbeat++)
        {
            var next = heartbeats.MoveNextAsync().AsTask();
            await fixture.AdvanceUntilAsync(next, TimeSpan.FromSeconds(1));
        }

        Assert.False(agent.Completion.IsCompleted);
        hanging.Set();
    }

    private static FileSystemSpace Hang(ManualResetEvent until)
    {
        until.WaitOne();
        return new(100, 40, 40);
    }

    private Task<OsapiAgent> StartAsync() => fixture.StartAgentAsync(with: options => options with { Machine = host => tree.Host with { Name = host.Name, Time = host.Time } });

    // A heartbeat is sent at the same time as the check, and can be awaited.
    private async Task BeatAsync()
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(fixture.Token);
        await using var heartbeats = fixture.Transport.Signals.ListenAsync(Subjects.Heartbeats, listening.Token).GetAsyncEnumerator(listening.Token);
        var next = heartbeats.MoveNextAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await next);
    }

    private async Task<KeyValue> RevisionAsync(Func<AgentInfo, bool> wanted)
    {
        await foreach (var entry in fixture.Transport.Hosts.WatchAsync(fixture.Token))
            if (HostRecords.TryRead(entry) is { } known && wanted(known))
                return entry;
        throw new InvalidOperationException("The store has been closed.");
    }
}
