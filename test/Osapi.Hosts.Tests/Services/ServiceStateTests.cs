using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Hosts.Tests.Services;

/// <summary>Tests of starting and stopping units on a host that booted systemd.</summary>
[Collection("hosts, one class after the other")]
public sealed class ServiceStateTests(BootedHost booted) : IClassFixture<BootedHost>
{
    private static readonly UpdateServiceState Running = new() { Name = "web", State = DesiredServiceState.Running, Settle = 0 };

    [Fact]
    public async Task A_service_is_started_once_and_started_again_after_somebody_stopped_it()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("web.service", ServiceFixture.Sleeping);

        var first = await host.StepAsync(ServiceOperations.UpdateState, Running, "web", changes: true);
        await host.StepAsync(ServiceOperations.UpdateState, Running, "web", changes: false);
        await host.MustAsync("systemctl", "stop", "web");
        await host.StepAsync(ServiceOperations.UpdateState, Running, "web", changes: true);

        var change = first.ChangeOf();
        Assert.Equal(("web.service", "inactive", "active", "running"), (change.Name, change.Before!.ActiveState, change.After!.ActiveState, change.After.SubState));
        Assert.True(change.MainPid > 1);
        await host.StepAsync(ServiceOperations.UpdateState, Running with { State = DesiredServiceState.Stopped }, "web", changes: true);
        await host.StepAsync(ServiceOperations.UpdateState, Running with { State = DesiredServiceState.Stopped }, "web", changes: false);
        Assert.Equal("inactive", await host.ActiveAsync("web"));
    }

    [Fact]
    public async Task Start_and_stop_act_on_the_named_service()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("named.service", ServiceFixture.Sleeping);

        await host.StepAsync(ServiceOperations.Start, new() { Name = "named", Settle = 0 }, "named", changes: true);
        Assert.Equal("active", await host.ActiveAsync("named.service"));
        await host.StepAsync(ServiceOperations.Start, new() { Name = "named.service", Settle = 0 }, "named", changes: false);
        await host.StepAsync(ServiceOperations.Stop, new() { Name = "named" }, "named", changes: true);
        await host.StepAsync(ServiceOperations.Stop, new() { Name = "named" }, "named", changes: false);
        Assert.Equal("inactive", await host.ActiveAsync("named.service"));
    }

    [Fact]
    public async Task A_service_that_dies_right_after_its_start_has_not_started()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("dies.service", "[Service]\nExecStart=/bin/sh -c 'echo no such database; sleep 0.5; exit 3'\n");

        var entry = await host.ExecuteAsync(ServiceOperations.Start, new() { Name = "dies" });

        Assert.Equal((Outcome.Failed, ErrorType.Failed, true), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Equal("dies.service did not stay up for 2 s after its start: it is failed (failed), its process ended with exit code 3", entry.Error);
        Assert.Contains("no such database", entry.ChangeOf().Log!);
    }

    [Fact]
    public async Task A_service_that_systemd_restarts_for_ever_has_not_started()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("loops.service", "[Service]\nExecStart=/bin/sh -c 'sleep 0.3; exit 1'\nRestart=always\nRestartSec=100ms\n[Unit]\nStartLimitIntervalSec=0\n");

        var entry = await host.ExecuteAsync(ServiceOperations.Start, new() { Name = "loops" });

        Assert.Equal(ErrorType.Failed, entry.ErrorType);
        Assert.StartsWith("loops.service did not stay up for 2 s after its start", entry.Error, StringComparison.Ordinal);
        await host.MustAsync("systemctl", "stop", "loops");
    }

    [Fact]
    public async Task A_service_that_stays_up_past_its_settling_time_has_started()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("later.service", "[Service]\nExecStart=/bin/sleep 3\n");

        Assert.True((await host.ResultAsync(ServiceOperations.Start, new() { Name = "later", Settle = 1 })).Changed);
    }

    [Fact]
    public async Task A_program_that_is_missing_is_a_failure_with_the_journals_words()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("absent.service", "[Service]\nType=exec\nExecStart=/usr/bin/there-is-no-such-program\n");

        var entry = await host.ExecuteAsync(ServiceOperations.Start, new() { Name = "absent" });

        Assert.Equal((ErrorType.Failed, true), (entry.ErrorType, entry.Changed));
        Assert.StartsWith("start of absent.service failed: ", entry.Error, StringComparison.Ordinal);
        Assert.Contains(entry.ChangeOf().Log!, line => line.Contains("there-is-no-such-program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_that_takes_too_long_is_a_timeout_and_systemd_goes_on()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("slow.service", "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 120\nTimeoutStartSec=300\n");

        var entry = await host.ExecuteAsync(ServiceOperations.Start, new() { Name = "slow", Timeout = 1, Settle = 0 });

        Assert.Equal((Outcome.Failed, ErrorType.Timeout, true), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Equal("timed out after 1 s, systemd goes on with the start of slow.service", entry.Error);
        Assert.Equal("activating", entry.ChangeOf().After!.ActiveState);
        Assert.Equal("activating", await host.ActiveAsync("slow"));
        // Stopping it ends the start.
        Assert.True((await host.ResultAsync(ServiceOperations.Stop, new() { Name = "slow" })).Changed);
        Assert.Equal("inactive", await host.ActiveAsync("slow"));
    }

    [Fact]
    public async Task A_service_that_is_starting_slowly_is_waited_for()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("warming.service", "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 2\n");
        await host.MustAsync("systemctl", "start", "--no-block", "warming");

        var change = await host.ResultAsync(ServiceOperations.Start, new() { Name = "warming" });

        Assert.Equal(("activating", "active", "exited"), (change.Before!.ActiveState, change.After!.ActiveState, change.After.SubState));
    }

    [Fact]
    public async Task A_oneshot_service_is_inactive_again_when_it_has_run_and_each_start_is_a_change()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("once.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n");

        var change = await host.ResultAsync(ServiceOperations.Start, new() { Name = "once" });
        var again = await host.ResultAsync(ServiceOperations.Start, new() { Name = "once" });

        Assert.Equal((true, true, "inactive"), (change.Changed, again.Changed, again.After!.ActiveState));
        Assert.StartsWith("a oneshot service without RemainAfterExit is inactive again", again.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_oneshot_service_that_remains_is_started_once()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("remains.service", "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n");

        await host.StepAsync(ServiceOperations.Start, new() { Name = "remains" }, "remains", changes: true);
        await host.StepAsync(ServiceOperations.Start, new() { Name = "remains" }, "remains", changes: false);
    }

    [Fact]
    public async Task A_failed_unit_is_not_stopped_until_its_failure_is_reset()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("failed.service", "[Service]\nType=oneshot\nExecStart=/bin/false\n");
        await host.RunAsync("systemctl", "start", "failed");

        await host.StepAsync(ServiceOperations.Stop, new() { Name = "failed" }, "failed", changes: true);

        Assert.Equal("inactive", await host.ActiveAsync("failed"));
        await host.StepAsync(ServiceOperations.Stop, new() { Name = "failed" }, "failed", changes: false);
    }

    [Fact]
    public async Task A_unit_that_reached_its_start_limit_is_started_after_a_reset()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("limited.service", "[Unit]\nStartLimitIntervalSec=600\nStartLimitBurst=2\n" + ServiceFixture.Sleeping);
        for (var tries = 0; tries < 3; tries++)
            await host.RunAsync("systemctl", "restart", "limited");
        Assert.Equal("start-limit-hit", await host.PropertyAsync("limited", "Result"));

        var kept = await host.ExecuteAsync(ServiceOperations.Start, new() { Name = "limited", ResetFailed = false });
        Assert.Equal((ErrorType.Failed, "start of limited.service failed: it was started too often (start-limit-hit)"), (kept.ErrorType, kept.Error));
        Assert.True((await host.ResultAsync(ServiceOperations.Start, new() { Name = "limited" })).Changed);
        Assert.Equal("active", await host.ActiveAsync("limited"));
    }

    [Fact]
    public async Task An_unknown_unit_is_not_found_by_each_operation()
    {
        var host = await booted.GetAsync();

        Assert.Equal("there is no unit none.service on this host", await host.RefusedAsync(ServiceOperations.Status, new() { Name = "none" }, "none", ErrorType.NotFound));
        await host.RefusedAsync(ServiceOperations.Start, new() { Name = "none" }, "none", ErrorType.NotFound);
        await host.RefusedAsync(ServiceOperations.Stop, new() { Name = "none" }, "none", ErrorType.NotFound);
        await host.RefusedAsync(ServiceOperations.Restart, new() { Name = "none" }, "none", ErrorType.NotFound);
        await host.RefusedAsync(ServiceOperations.Reload, new() { Name = "none" }, "none", ErrorType.NotFound);
        await host.RefusedAsync(ServiceOperations.Enable, new() { Name = "none" }, "none", ErrorType.NotFound);
        await host.RefusedAsync(ServiceOperations.Disable, new() { Name = "none" }, "none", ErrorType.NotFound);
        await host.RefusedAsync(ServiceOperations.UpdateState, new() { Name = "none", State = DesiredServiceState.Stopped, Enabled = false }, "none", ErrorType.NotFound);
    }

    [Fact]
    public async Task A_template_is_refused_and_an_instance_of_it_runs()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("job@.service", "[Service]\nExecStart=/bin/sleep %i\n");

        var refused = await host.ExecuteAsync(ServiceOperations.Start, new() { Name = "job@.service" });
        Assert.Equal((ErrorType.Invalid, "name must name an instance of the template, such as job@NAME.service"), (refused.ErrorType, refused.Error));
        await host.StepAsync(ServiceOperations.Start, new() { Name = "job@1000", Settle = 0 }, "job@1000", changes: true);
        Assert.Equal("active", await host.ActiveAsync("job@1000.service"));
    }

    [Fact]
    public async Task A_unit_that_cannot_be_loaded_is_a_conflict_with_the_reason()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("bad.service", "[Service]\nType=forking\n");

        var error = await host.RefusedAsync(ServiceOperations.Start, new() { Name = "bad" }, "bad", ErrorType.Conflict);

        Assert.Equal("systemd does not accept /etc/systemd/system/bad.service: Unit bad.service has a bad unit file setting.", error);
    }

    [Fact]
    public async Task A_unit_file_that_changed_since_is_read_before_the_start()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("fresh.service", "[Service]\nType=oneshot\nExecStart=/bin/false\n");
        await host.RunAsync("systemctl", "start", "fresh");
        await host.WriteAsync("/etc/systemd/system/fresh.service", ServiceFixture.Sleeping + "# longer\n");
        Assert.Equal("yes", await host.PropertyAsync("fresh", "NeedDaemonReload"));

        var change = (await host.StepAsync(ServiceOperations.Start, new() { Name = "fresh", Settle = 1 }, "fresh", changes: true)).ChangeOf();

        Assert.True(change.DaemonReloaded);
        Assert.Equal("no", await host.PropertyAsync("fresh", "NeedDaemonReload"));
        Assert.Null((await host.ResultAsync(ServiceOperations.Start, new() { Name = "fresh" })).DaemonReloaded);
    }

    [Fact]
    public async Task A_new_unit_file_that_systemd_has_not_read_is_started()
    {
        var host = await booted.GetAsync();
        await host.WriteAsync("/etc/systemd/system/new.service", ServiceFixture.Sleeping);

        await host.StepAsync(ServiceOperations.Start, new() { Name = "new", Settle = 0 }, "new", changes: true);
    }

    [Fact]
    public async Task A_new_init_script_is_found_by_the_generator()
    {
        var host = await booted.GetAsync();
        await host.WriteAsync("/etc/init.d/legacy", "#!/bin/sh\n### BEGIN INIT INFO\n# Provides: legacy\n# Required-Start:\n# Required-Stop:\n# Default-Start: 2 3 4 5\n# Default-Stop: 0 1 6\n### END INIT INFO\nexit 0\n");
        await host.MustAsync("chmod", "755", "/etc/init.d/legacy");

        var change = (await host.StepAsync(ServiceOperations.Start, new() { Name = "legacy" }, "legacy", changes: true)).ChangeOf();

        Assert.Equal(("active", "exited", true), (change.After!.ActiveState, change.After.SubState, change.DaemonReloaded));
        Assert.Equal("it is generated from /etc/init.d/legacy: 'active (exited)' does not say that a process of it runs", change.Note);
        Assert.Equal(
            "legacy.service is generated from /etc/init.d/legacy, which decides whether it starts at boot",
            await host.RefusedAsync(ServiceOperations.Enable, new() { Name = "legacy" }, "legacy", ErrorType.Conflict));
    }

    [Fact]
    public async Task A_socket_starts_its_service_again_and_the_result_says_so()
    {
        var host = await booted.GetAsync();
        await host.WriteAsync("/etc/systemd/system/echo.service", ServiceFixture.Sleeping);
        await host.UnitAsync("echo.socket", "[Socket]\nListenStream=/run/echo.sock\n");
        await host.StepAsync(ServiceOperations.Start, new() { Name = "echo.socket" }, "echo.socket", changes: true);
        await host.StepAsync(ServiceOperations.Start, new() { Name = "echo", Settle = 0 }, "echo", changes: true);

        var stopped = await host.ResultAsync(ServiceOperations.Stop, new() { Name = "echo" });

        Assert.Equal("echo.socket can start it again", stopped.Note);
        Assert.Equal("active", await host.ActiveAsync("echo.socket"));
    }

    [Fact]
    public async Task A_unit_that_would_stop_the_host_is_not_started()
    {
        var host = await booted.GetAsync();

        foreach (var name in (string[])["reboot.target", "poweroff.target", "rescue.target", "emergency.service", "systemd-reboot.service", "runlevel6.target", "ctrl-alt-del.target"])
            Assert.Contains(
                "would stop the host, or most of it",
                await host.RefusedAsync(ServiceOperations.Start, new() { Name = name }, name, ErrorType.Conflict), StringComparison.Ordinal);
        Assert.Contains("would stop the host", await host.RefusedAsync(ServiceOperations.Restart, new() { Name = "reboot.target" }, "reboot.target", ErrorType.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_that_may_only_be_started_by_others_is_a_conflict()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("inner.service", "[Unit]\nRefuseManualStart=yes\nRefuseManualStop=yes\n" + ServiceFixture.Sleeping);

        Assert.StartsWith("inner.service cannot be started by itself", await host.RefusedAsync(ServiceOperations.Start, new() { Name = "inner" }, "inner", ErrorType.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_whose_file_was_removed_is_still_stopped()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("orphan.service", ServiceFixture.Sleeping);
        await host.MustAsync("systemctl", "start", "orphan");
        await host.MustAsync("sh", "-c", "rm /etc/systemd/system/orphan.service; systemctl daemon-reload");

        Assert.True((await host.ResultAsync(ServiceOperations.Stop, new() { Name = "orphan" })).Changed);

        await host.RefusedAsync(ServiceOperations.Stop, new() { Name = "orphan" }, "orphan", ErrorType.NotFound);
    }

    [Fact]
    public async Task An_agent_does_not_stop_or_restart_its_own_unit()
    {
        var host = await booted.GetAsync();
        await using var agent = host.StartAgentIn("own-agent.service");

        foreach (var (operation, request) in ((string, string)[])[("service.stop.execute", "{\"name\":\"own-agent\"}"), ("service.restart.execute", "{\"name\":\"own-agent\"}"), ("service.state.update", "{\"name\":\"own-agent\",\"state\":\"stopped\"}"), ("service.unit.update", "{\"name\":\"own-agent\",\"content\":\"[Service]\",\"restart_on_change\":true}")])
        {
            var entry = await agent.ExecuteAsync(operation, System.Text.Json.JsonElement.Parse(request), check: false, TestContext.Current.CancellationToken);
            Assert.Equal((ErrorType.Conflict, "own-agent.service is the unit of this agent, which would end before it could tell the result"), (entry.ErrorType, entry.Error));
        }

        Assert.Equal("active", await host.ActiveAsync("own-agent"));
    }

    [Fact]
    public async Task An_agent_without_rights_reads_and_is_refused_to_act()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("guarded.service", ServiceFixture.Sleeping);
        await using var agent = host.StartUnprivilegedAgent();

        var status = await agent.ExecuteAsync("service.status.get", System.Text.Json.JsonElement.Parse("{\"name\":\"guarded\"}"), check: false, TestContext.Current.CancellationToken);
        var start = await agent.ExecuteAsync("service.start.execute", System.Text.Json.JsonElement.Parse("{\"name\":\"guarded\"}"), check: false, TestContext.Current.CancellationToken);

        Assert.Equal(Outcome.Ok, status.Outcome);
        Assert.Equal(Outcome.Failed, start.Outcome);
        Assert.Equal("inactive", await host.ActiveAsync("guarded"));
    }
}
