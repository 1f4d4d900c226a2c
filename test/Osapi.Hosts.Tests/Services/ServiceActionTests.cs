using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Hosts.Tests.Services;

/// <summary>Tests of restarts and reloads on a host that booted systemd.</summary>
[Collection("hosts, one class after the other")]
public sealed class ServiceActionTests(BootedHost booted) : IClassFixture<BootedHost>
{
    private const string Reloading = "[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/touch /run/was-reloaded\n";

    [Fact]
    public async Task Each_restart_is_a_new_run_and_a_change_and_a_check_does_not_do_it()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("web.service", ServiceFixture.Sleeping);
        RestartService request = new() { Name = "web", Settle = 0 };

        var first = (await host.StepAsync(ServiceOperations.Restart, request, "web", changes: null)).ChangeOf();
        var second = (await host.StepAsync(ServiceOperations.Restart, request, "web", changes: null)).ChangeOf();

        Assert.Equal(("inactive", "active", "active"), (first.Before!.ActiveState, first.After!.ActiveState, second.Before!.ActiveState));
        Assert.True(first.Changed && second.Changed);
        Assert.NotEqual(first.MainPid, second.MainPid);
    }

    [Fact]
    public async Task A_service_that_does_not_run_is_left_alone_when_only_running_ones_are_meant()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("idle.service", ServiceFixture.Sleeping);
        RestartService request = new() { Name = "idle", OnlyIfRunning = true };

        var entry = await host.ExecuteAsync(ServiceOperations.Restart, request);

        Assert.Equal((Outcome.Skipped, "idle.service does not run", false), (entry.Outcome, entry.Error, entry.Changed));
        Assert.False((await host.ExecuteAsync(ServiceOperations.Restart, request, check: true)).Check!.Changed);
        Assert.Equal("inactive", await host.ActiveAsync("idle"));
        await host.MustAsync("systemctl", "start", "idle");
        Assert.True((await host.ResultAsync(ServiceOperations.Restart, request)).Changed);
    }

    [Fact]
    public async Task A_restart_that_does_not_stay_up_is_a_failure()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("broken.service", "[Service]\nExecStart=/bin/sh -c 'sleep 0.4; echo broken pipe >&2; exit 7'\n");

        var entry = await host.ExecuteAsync(ServiceOperations.Restart, new() { Name = "broken" });

        Assert.Equal((ErrorType.Failed, true), (entry.ErrorType, entry.Changed));
        Assert.EndsWith("its process ended with exit code 7", entry.Error, StringComparison.Ordinal);
        Assert.Contains("broken pipe", entry.ChangeOf().Log!);
    }

    [Fact]
    public async Task Lines_of_the_journal_are_few_short_and_without_control_characters()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("noisy.service", "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'for i in $(seq 100); do printf \"\\\\033[31mred\\\\033[0m %%s\\\\n\" \"$i\"; done; exit 1'\n");

        var log = (await host.ExecuteAsync(ServiceOperations.Start, new() { Name = "noisy" })).ChangeOf().Log!;

        Assert.InRange(log.Count, 1, 20);
        Assert.Contains(log, line => line.Contains("\\u001b[31mred", StringComparison.Ordinal));
        Assert.DoesNotContain(log, line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_after_the_start_limit_resets_it_first()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("often.service", "[Unit]\nStartLimitIntervalSec=600\nStartLimitBurst=2\n" + ServiceFixture.Sleeping);

        for (var times = 0; times < 5; times++)
            await host.ResultAsync(ServiceOperations.Restart, new() { Name = "often", Settle = 0 });
        var kept = await host.ExecuteAsync(ServiceOperations.Restart, new() { Name = "often", ResetFailed = false, Settle = 0 });
        kept = kept.Outcome == Outcome.Ok ? await host.ExecuteAsync(ServiceOperations.Restart, new() { Name = "often", ResetFailed = false, Settle = 0 }) : kept;

        Assert.Equal((Outcome.Failed, true), (kept.Outcome, kept.Error!.Contains("too often", StringComparison.Ordinal) || kept.Error.Contains("too quickly", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_service_that_can_is_reloaded_without_a_new_process()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("live.service", Reloading);
        await host.MustAsync("systemctl", "start", "live");
        var pid = await host.PropertyAsync("live", "MainPID");

        var change = await host.ResultAsync(ServiceOperations.Reload, new() { Name = "live" });

        Assert.True(change.Changed);
        Assert.Equal(pid, await host.PropertyAsync("live", "MainPID"));
        await host.MustAsync("test", "-e", "/run/was-reloaded");
    }

    [Fact]
    public async Task A_reload_of_a_service_that_cannot_is_a_conflict_and_a_restart_if_wanted()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("rigid.service", ServiceFixture.Sleeping);
        await host.MustAsync("systemctl", "start", "rigid");
        var pid = await host.PropertyAsync("rigid", "MainPID");

        var error = await host.RefusedAsync(ServiceOperations.Reload, new() { Name = "rigid" }, "rigid", ErrorType.Conflict);
        await host.ResultAsync(ServiceOperations.Reload, new() { Name = "rigid", OrRestart = true });

        Assert.Equal("rigid.service cannot read its configuration again (it has no ExecReload); or_restart restarts it instead", error);
        Assert.NotEqual(pid, await host.PropertyAsync("rigid", "MainPID"));
    }

    [Fact]
    public async Task A_reload_of_an_inactive_service_is_a_conflict_and_a_start_if_wanted()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("asleep.service", Reloading);

        Assert.Contains("asleep.service does not run", await host.RefusedAsync(ServiceOperations.Reload, new() { Name = "asleep" }, "asleep", ErrorType.Conflict), StringComparison.Ordinal);
        await host.ResultAsync(ServiceOperations.Reload, new() { Name = "asleep", OrRestart = true });

        Assert.Equal("active", await host.ActiveAsync("asleep"));
    }

    [Fact]
    public async Task A_reload_whose_command_fails_is_a_failure_and_the_service_runs_on()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("refuses.service", "[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/false\n");
        await host.MustAsync("systemctl", "start", "refuses");

        var entry = await host.ExecuteAsync(ServiceOperations.Reload, new() { Name = "refuses" });

        Assert.Equal((Outcome.Failed, ErrorType.Failed), (entry.Outcome, entry.ErrorType));
        Assert.StartsWith("reload of refuses.service failed", entry.Error, StringComparison.Ordinal);
        Assert.Equal("active", await host.ActiveAsync("refuses"));
    }

    [Fact]
    public async Task A_masked_service_is_neither_restarted_nor_reloaded()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("veiled.service", Reloading, "/usr/local/lib/systemd/system");
        await host.MustAsync("systemctl", "mask", "veiled");

        Assert.Contains("is masked", await host.RefusedAsync(ServiceOperations.Restart, new() { Name = "veiled" }, "veiled", ErrorType.Conflict), StringComparison.Ordinal);
        await host.RefusedAsync(ServiceOperations.Reload, new() { Name = "veiled" }, "veiled", ErrorType.Conflict);
        await host.RefusedAsync(ServiceOperations.Reload, new() { Name = "veiled", OrRestart = true }, "veiled", ErrorType.Conflict);
    }

    [Fact]
    public async Task A_changed_unit_file_is_in_force_after_a_restart()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("edited.service", ServiceFixture.Sleeping);
        await host.MustAsync("systemctl", "start", "edited");
        await host.WriteAsync("/etc/systemd/system/edited.service", ServiceFixture.Sleeping + "Environment=SHADE=blue\n");

        var change = await host.ResultAsync(ServiceOperations.Restart, new() { Name = "edited", Settle = 0 });

        Assert.True(change.DaemonReloaded);
        Assert.Equal("SHADE=blue", await host.PropertyAsync("edited", "Environment"));
    }

    [Fact]
    public async Task A_restart_that_takes_too_long_is_a_timeout_that_counts_as_a_change()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("heavy.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 120\nTimeoutStartSec=300\n");

        var entry = await host.ExecuteAsync(ServiceOperations.Restart, new() { Name = "heavy", Timeout = 1, Settle = 0 });

        Assert.Equal((ErrorType.Timeout, "timed out after 1 s, systemd goes on with the restart of heavy.service", true), (entry.ErrorType, entry.Error, entry.Changed));
        await host.MustAsync("systemctl", "stop", "heavy");
    }
}
