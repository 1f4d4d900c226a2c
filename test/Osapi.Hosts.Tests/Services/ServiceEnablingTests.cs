using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Hosts.Tests.Services;

/// <summary>Tests of enabling and masking units on a host that booted systemd.</summary>
[Collection("hosts, one class after the other")]
public sealed class ServiceEnablingTests(BootedHost booted) : IClassFixture<BootedHost>
{
    [Fact]
    public async Task A_service_is_enabled_once_and_again_after_somebody_disabled_it()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("web.service", ServiceFixture.Installed);

        var first = (await host.StepAsync(ServiceOperations.Enable, new() { Name = "web" }, "web", changes: true)).ChangeOf();
        await host.StepAsync(ServiceOperations.Enable, new() { Name = "web" }, "web", changes: false);
        await host.MustAsync("systemctl", "disable", "web");
        await host.StepAsync(ServiceOperations.Enable, new() { Name = "web" }, "web", changes: true);
        await host.StepAsync(ServiceOperations.Disable, new() { Name = "web" }, "web", changes: true);
        await host.StepAsync(ServiceOperations.Disable, new() { Name = "web" }, "web", changes: false);

        Assert.Equal(("disabled", "enabled", "inactive", true), (first.Before!.EnabledState, first.After!.EnabledState, first.After.ActiveState, first.DaemonReloaded));
    }

    [Fact]
    public async Task A_disabled_service_that_runs_is_enabled_and_not_restarted()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("busy.service", ServiceFixture.Installed);
        await host.MustAsync("systemctl", "start", "busy");
        var pid = await host.PropertyAsync("busy", "MainPID");

        await host.StepAsync(ServiceOperations.UpdateState, new() { Name = "busy", State = DesiredServiceState.Running, Enabled = true }, "busy", changes: true);

        Assert.Equal((pid, "enabled"), (await host.PropertyAsync("busy", "MainPID"), await host.PropertyAsync("busy", "UnitFileState")));
    }

    [Fact]
    public async Task State_and_enabling_in_one_converge_and_each_drift_is_repaired()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("both.service", ServiceFixture.Installed);
        UpdateServiceState request = new() { Name = "both", State = DesiredServiceState.Running, Enabled = true, Settle = 0 };

        foreach (var drift in (string[])["true", "systemctl stop both", "systemctl disable both", "systemctl kill --signal=KILL --wait both 2>/dev/null || systemctl kill -s KILL both; systemctl stop both"])
        {
            await host.MustAsync("sh", "-c", drift);
            await host.StepAsync(ServiceOperations.UpdateState, request, "both", changes: true);
            await host.StepAsync(ServiceOperations.UpdateState, request, "both", changes: false);
        }
    }

    [Fact]
    public async Task A_missing_link_of_several_is_added()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("several.service", ServiceFixture.Sleeping + "[Install]\nWantedBy=multi-user.target\nRequiredBy=timers.target\nAlias=many.service\n");
        await host.StepAsync(ServiceOperations.Enable, new() { Name = "several" }, "several", changes: true);
        await host.MustAsync("rm", "/etc/systemd/system/timers.target.requires/several.service");
        Assert.Equal("enabled", await host.PropertyAsync("several", "UnitFileState"));

        await host.StepAsync(ServiceOperations.Enable, new() { Name = "several" }, "several", changes: true);
        await host.StepAsync(ServiceOperations.Enable, new() { Name = "several" }, "several", changes: false);
    }

    [Fact]
    public async Task A_unit_with_only_an_alias_is_enabled_once_under_either_name()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("real.service", ServiceFixture.Sleeping + "[Install]\nAlias=nick.service\n");

        await host.StepAsync(ServiceOperations.Enable, new() { Name = "real" }, "real", changes: true);
        await host.StepAsync(ServiceOperations.Enable, new() { Name = "real" }, "real", changes: false);
        var byAlias = (await host.StepAsync(ServiceOperations.Enable, new() { Name = "nick" }, "real", changes: false)).ChangeOf();
        Assert.Equal("real.service", byAlias.Name);
        await host.StepAsync(ServiceOperations.Start, new() { Name = "nick", Settle = 0 }, "real", changes: true);
        Assert.Equal("active", await host.ActiveAsync("real"));
        await host.StepAsync(ServiceOperations.Disable, new() { Name = "nick" }, "real", changes: true);
        await host.StepAsync(ServiceOperations.Disable, new() { Name = "real" }, "real", changes: false);
        await host.MustAsync("systemctl", "stop", "real");
    }

    [Fact]
    public async Task An_indirect_unit_is_enabled_through_those_it_names_and_then_unchanged()
    {
        var host = await booted.GetAsync();
        await host.WriteAsync("/etc/systemd/system/tftp.socket", "[Socket]\nListenDatagram=/run/tftp\n[Install]\nWantedBy=sockets.target\n");
        await host.UnitAsync("tftp.service", ServiceFixture.Sleeping + "[Install]\nAlso=tftp.socket\n");
        Assert.Equal("indirect", await host.PropertyAsync("tftp.service", "UnitFileState"));

        await host.StepAsync(ServiceOperations.Enable, new() { Name = "tftp" }, "tftp", changes: true);
        await host.StepAsync(ServiceOperations.Enable, new() { Name = "tftp" }, "tftp", changes: false);
        Assert.Equal("enabled", await host.PropertyAsync("tftp.socket", "UnitFileState"));

        // The unit itself is not enabled, so that there is nothing to disable; its socket is disabled by its own name.
        await host.StepAsync(ServiceOperations.Disable, new() { Name = "tftp" }, "tftp", changes: false);
        await host.StepAsync(ServiceOperations.Disable, new() { Name = "tftp.socket" }, "tftp.socket", changes: true);
    }

    [Fact]
    public async Task A_unit_that_is_enabled_until_the_next_boot_is_disabled_once()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("passing.service", ServiceFixture.Installed);
        await host.MustAsync("systemctl", "enable", "--runtime", "passing");
        Assert.Equal("enabled-runtime", await host.PropertyAsync("passing", "UnitFileState"));

        await host.StepAsync(ServiceOperations.Disable, new() { Name = "passing" }, "passing", changes: true);
        await host.StepAsync(ServiceOperations.Disable, new() { Name = "passing" }, "passing", changes: false);
    }

    [Fact]
    public async Task A_unit_that_is_enabled_until_the_next_boot_is_enabled_for_good()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("lasting.service", ServiceFixture.Installed);
        await host.MustAsync("systemctl", "enable", "--runtime", "lasting");

        await host.StepAsync(ServiceOperations.Enable, new() { Name = "lasting" }, "lasting", changes: true);
        await host.StepAsync(ServiceOperations.Enable, new() { Name = "lasting" }, "lasting", changes: false);
    }

    [Fact]
    public async Task A_static_unit_is_unchanged_with_a_note()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("fixed.service", ServiceFixture.Sleeping);

        foreach (var operation in (bool[])[true, false])
        {
            var change = (await host.StepAsync(ServiceOperations.UpdateState, new() { Name = "fixed", Enabled = operation }, "fixed", changes: false)).ChangeOf();
            Assert.StartsWith("it has no [Install] section", change.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_transient_unit_cannot_be_enabled()
    {
        var host = await booted.GetAsync();
        await host.MustAsync("systemd-run", "--unit=fleeting", "sleep", "infinity");

        Assert.Equal("fleeting.service has no unit file that could be enabled", await host.RefusedAsync(ServiceOperations.Enable, new() { Name = "fleeting" }, "fleeting", ErrorType.Conflict));

        await host.StepAsync(ServiceOperations.Stop, new() { Name = "fleeting" }, "fleeting", changes: true);
    }

    [Fact]
    public async Task An_instance_of_a_template_is_enabled_alone()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("tty@.service", ServiceFixture.Installed);

        await host.StepAsync(ServiceOperations.Enable, new() { Name = "tty@one" }, "tty@one", changes: true);
        await host.StepAsync(ServiceOperations.Enable, new() { Name = "tty@one" }, "tty@one", changes: false);
        await host.MustAsync("sh", "-c", "test -e /etc/systemd/system/multi-user.target.wants/tty@one.service -a ! -e /etc/systemd/system/multi-user.target.wants/tty@two.service");
        await host.StepAsync(ServiceOperations.Disable, new() { Name = "tty@one" }, "tty@one", changes: true);
    }

    [Fact]
    public async Task A_specifier_in_the_install_section_cannot_be_predicted_and_is_still_idempotent()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("specific.service", ServiceFixture.Sleeping + "[Install]\nWantedBy=multi-user.target\nAlias=%p-too.service\n");
        await host.StepAsync(ServiceOperations.Enable, new() { Name = "specific" }, "specific", changes: true);

        var again = await host.StepAsync(ServiceOperations.Enable, new() { Name = "specific" }, "specific", changes: null);

        Assert.False(again.Changed);
    }

    [Fact]
    public async Task A_masked_service_is_not_silently_unmasked_and_started()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("hidden.service", ServiceFixture.Installed, "/usr/local/lib/systemd/system");
        await host.StepAsync(ServiceOperations.UpdateState, new() { Name = "hidden", Masked = true }, "hidden", changes: true);
        await host.StepAsync(ServiceOperations.UpdateState, new() { Name = "hidden", Masked = true }, "hidden", changes: false);
        Assert.Equal("masked", await host.PropertyAsync("hidden", "LoadState"));

        Assert.Equal(
            "hidden.service is masked and cannot be started; service.state.update with masked: false allows it again",
            await host.RefusedAsync(ServiceOperations.Start, new() { Name = "hidden" }, "hidden", ErrorType.Conflict));
        await host.RefusedAsync(ServiceOperations.UpdateState, new() { Name = "hidden", State = DesiredServiceState.Running }, "hidden", ErrorType.Conflict);
        await host.RefusedAsync(ServiceOperations.Enable, new() { Name = "hidden" }, "hidden", ErrorType.Conflict);

        UpdateServiceState all = new() { Name = "hidden", Masked = false, Enabled = true, State = DesiredServiceState.Running, Settle = 0 };
        var change = (await host.StepAsync(ServiceOperations.UpdateState, all, "hidden", changes: true)).ChangeOf();
        Assert.Equal(("active", "enabled"), (change.After!.ActiveState, change.After.EnabledState));
        await host.StepAsync(ServiceOperations.UpdateState, all, "hidden", changes: false);
    }

    [Fact]
    public async Task A_running_service_is_stopped_disabled_and_masked_in_one()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("ending.service", ServiceFixture.Installed, "/usr/local/lib/systemd/system");
        await host.MustAsync("systemctl", "enable", "--now", "ending");
        UpdateServiceState request = new() { Name = "ending", State = DesiredServiceState.Stopped, Enabled = false, Masked = true };

        var change = (await host.StepAsync(ServiceOperations.UpdateState, request, "ending", changes: true)).ChangeOf();
        await host.StepAsync(ServiceOperations.UpdateState, request, "ending", changes: false);

        Assert.Equal(("inactive", "masked"), (change.After!.ActiveState, change.After.EnabledState));
        await host.MustAsync("test", "!", "-e", "/etc/systemd/system/multi-user.target.wants/ending.service");
    }

    [Fact]
    public async Task A_mask_until_the_next_boot_is_removed_too()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("brief.service", ServiceFixture.Sleeping, "/usr/local/lib/systemd/system");
        await host.MustAsync("systemctl", "mask", "--runtime", "brief");

        await host.StepAsync(ServiceOperations.UpdateState, new() { Name = "brief", Masked = false }, "brief", changes: true);
        await host.StepAsync(ServiceOperations.UpdateState, new() { Name = "brief", Masked = false }, "brief", changes: false);
    }

    [Fact]
    public async Task A_unit_file_of_an_administrator_is_not_masked()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("local.service", ServiceFixture.Sleeping);

        var error = await host.RefusedAsync(ServiceOperations.UpdateState, new() { Name = "local", Masked = true }, "local", ErrorType.Conflict);

        Assert.StartsWith("local.service cannot be masked, because its unit file is /etc/systemd/system/local.service", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_is_masked_before_its_package_is_installed()
    {
        var host = await booted.GetAsync();
        UpdateServiceState request = new() { Name = "coming", Masked = true };

        await host.StepAsync(ServiceOperations.UpdateState, request, "coming", changes: true);
        await host.StepAsync(ServiceOperations.UpdateState, request, "coming", changes: false);
        await host.UnitAsync("coming.service", ServiceFixture.Sleeping, "/usr/local/lib/systemd/system");
        await host.RefusedAsync(ServiceOperations.Start, new() { Name = "coming" }, "coming", ErrorType.Conflict);
    }

    [Fact]
    public async Task A_start_that_fails_after_the_enabling_says_what_has_changed()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("half.service", "[Service]\nExecStart=/bin/false\n[Install]\nWantedBy=multi-user.target\n");

        var entry = await host.ExecuteAsync(ServiceOperations.UpdateState, new() { Name = "half", State = DesiredServiceState.Running, Enabled = true });

        Assert.Equal((Outcome.Failed, ErrorType.Failed, true), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Equal(("failed", "enabled"), (entry.ChangeOf().After!.ActiveState, entry.ChangeOf().After!.EnabledState));
    }

    [Fact]
    public async Task A_start_that_runs_out_of_time_after_the_enabling_counts_as_a_change()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("tardy.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 120\nTimeoutStartSec=300\n[Install]\nWantedBy=multi-user.target\n");

        var entry = await host.ExecuteAsync(ServiceOperations.UpdateState, new() { Name = "tardy", State = DesiredServiceState.Running, Enabled = true, Timeout = 2, Settle = 0 });

        Assert.Equal((ErrorType.Timeout, true), (entry.ErrorType, entry.Changed));
        Assert.Equal(("activating", "enabled"), (entry.ChangeOf().After!.ActiveState, entry.ChangeOf().After!.EnabledState));
        await host.MustAsync("systemctl", "stop", "tardy");
    }
}
