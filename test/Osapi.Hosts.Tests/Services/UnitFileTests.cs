using System.Text.Json;
using Osapi.Client;
using Osapi.Hosts.Tests.Checks;
using Osapi.Hosts.Tests.Documentation;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Hosts.Tests.Services;

/// <summary>Tests of unit files on a host that booted systemd.</summary>
[Collection("hosts, one class after the other")]
public sealed class UnitFileTests(BootedHost booted) : IClassFixture<BootedHost>
{
    private const string Directory = ServiceFixture.Directory;

    private static readonly UpdateUnit Web = new() { Name = "web", Content = ServiceFixture.Installed };

    [Fact]
    public async Task A_unit_is_written_once_repaired_after_an_edit_and_systemd_has_read_it()
    {
        var host = await booted.GetAsync();

        var first = Change(await host.StepAsync(ServiceOperations.UpdateUnit, Web, "web", changes: true));
        await host.StepAsync(ServiceOperations.UpdateUnit, Web, "web", changes: false);
        await host.MustAsync("sh", "-c", $"echo Nice=5 >> {Directory}/web.service");
        await host.StepAsync(ServiceOperations.UpdateUnit, Web, "web", changes: true);

        Assert.Equal(("web.service", $"{Directory}/web.service", true), (first.Name, first.Path, first.DaemonReloaded));
        Assert.Equal("loaded no", $"{await host.PropertyAsync("web", "LoadState")} {await host.PropertyAsync("web", "NeedDaemonReload")}");
        Assert.Equal("root root 644", await host.MustAsync("stat", "-c", "%U %G %a", $"{Directory}/web.service"));
        Assert.True((await host.ResultAsync(ServiceOperations.Status, new() { Name = "web" })).Managed);
        await host.StepAsync(ServiceOperations.Start, new() { Name = "web", Settle = 0 }, "web", changes: true);
        await host.StepAsync(ServiceOperations.DeleteUnit, new() { Name = "web" }, "web", changes: true);
        await host.StepAsync(ServiceOperations.DeleteUnit, new() { Name = "web" }, "web", changes: false);
        Assert.Equal("not-found inactive", $"{await host.PropertyAsync("web", "LoadState")} {await host.ActiveAsync("web")}");
    }

    [Fact]
    public async Task A_check_shows_the_lines_that_would_change()
    {
        var host = await booted.GetAsync();
        UpdateUnit request = new() { Name = "shown", Content = ServiceFixture.Sleeping };
        await host.ResultAsync(ServiceOperations.UpdateUnit, request);

        var check = await host.ExecuteAsync(ServiceOperations.UpdateUnit, request with { Content = "[Service]\nExecStart=/bin/sleep 5" }, check: true);

        Assert.Contains("-ExecStart=/bin/sleep infinity\n+ExecStart=/bin/sleep 5\n", check.Check!.Diff, StringComparison.Ordinal);
        Assert.Contains("-ExecStart=/bin/sleep infinity\n", (await host.ExecuteAsync(ServiceOperations.DeleteUnit, new() { Name = "shown" }, check: true)).Check!.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_unit_is_restarted_when_its_file_changed_and_only_then()
    {
        var host = await booted.GetAsync();
        UpdateUnit request = new() { Name = "again", Content = ServiceFixture.Installed, Enabled = true, RestartOnChange = true };

        Assert.Null((await host.ResultAsync(ServiceOperations.UpdateUnit, request)).Restarted);
        Assert.Equal("inactive enabled", $"{await host.ActiveAsync("again")} {await host.PropertyAsync("again", "UnitFileState")}");
        await host.MustAsync("systemctl", "start", "again");
        var pid = await host.PropertyAsync("again", "MainPID");
        await host.StepAsync(ServiceOperations.UpdateUnit, request, "again", changes: false);
        Assert.Equal(pid, await host.PropertyAsync("again", "MainPID"));

        var changed = await host.ResultAsync(ServiceOperations.UpdateUnit, request with { Content = ServiceFixture.Installed + "# new\n" });

        Assert.True(changed.Restarted);
        Assert.NotEqual(pid, await host.PropertyAsync("again", "MainPID"));
        await host.StepAsync(ServiceOperations.DeleteUnit, new() { Name = "again" }, "again", changes: true);
        await host.MustAsync("test", "!", "-L", $"{Directory}/multi-user.target.wants/again.service");
    }

    [Fact]
    public async Task A_unit_that_somebody_disabled_is_enabled_although_its_file_is_the_same()
    {
        var host = await booted.GetAsync();
        UpdateUnit request = new() { Name = "kept", Content = ServiceFixture.Installed, Enabled = true };
        await host.StepAsync(ServiceOperations.UpdateUnit, request, "kept", changes: true);
        await host.MustAsync("systemctl", "disable", "kept");

        await host.StepAsync(ServiceOperations.UpdateUnit, request, "kept", changes: true);
        await host.StepAsync(ServiceOperations.UpdateUnit, request, "kept", changes: false);
    }

    [Fact]
    public async Task Content_that_systemd_does_not_accept_is_refused_and_the_old_file_is_back()
    {
        var host = await booted.GetAsync();
        UpdateUnit request = new() { Name = "good", Content = ServiceFixture.Sleeping };
        await host.ResultAsync(ServiceOperations.UpdateUnit, request);
        var before = await host.MustAsync("cat", $"{Directory}/good.service");

        foreach (var bad in (string[])["[Service]\nType=forking\n", "[Service\nExecStart=/bin/true\n", "[Service]\nExecStart=relative/path\n"])
        {
            var entry = await host.ExecuteAsync(ServiceOperations.UpdateUnit, request with { Content = bad });
            Assert.Equal((Outcome.Failed, ErrorType.Invalid, false), (entry.Outcome, entry.ErrorType, entry.Changed));
            Assert.StartsWith("systemd does not accept the content, and the previous content is back: ", entry.Error, StringComparison.Ordinal);
            Assert.Equal(before, await host.MustAsync("cat", $"{Directory}/good.service"));
        }

        Assert.Equal("loaded no", $"{await host.PropertyAsync("good", "LoadState")} {await host.PropertyAsync("good", "NeedDaemonReload")}");
    }

    [Fact]
    public async Task New_content_that_systemd_does_not_accept_leaves_no_file()
    {
        var host = await booted.GetAsync();

        var entry = await host.ExecuteAsync(ServiceOperations.UpdateUnit, new() { Name = "never", Content = "[Service]\nType=forking\n" });

        Assert.Equal(ErrorType.Invalid, entry.ErrorType);
        Assert.StartsWith("systemd does not accept the content, and it was removed again: ", entry.Error, StringComparison.Ordinal);
        await host.MustAsync("test", "!", "-e", $"{Directory}/never.service");
    }

    [Fact]
    public async Task A_check_refuses_what_systemd_would_not_accept_and_writes_nothing()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("others.service", ServiceFixture.Sleeping);
        await using var system = await ExampleHost.StartAsync(host);
        using var client = system.CreateClient();
        var before = await host.SnapshotAsync("others");

        foreach (var bad in (UpdateUnit[])[new() { Name = "unseen", Content = "[Service]\nType=forking\n" }, new() { Name = "others", DropIn = "own.conf", Content = "[Service]\nExecStart=\n" }])
        {
            var check = await Assert.ThrowsAsync<ValidationException>(() => client.Service.UpdateUnitAsync(CheckPlace.Agent, bad, new() { Check = true }, TestContext.Current.CancellationToken));
            var run = await Assert.ThrowsAsync<ValidationException>(() => client.Service.UpdateUnitAsync(CheckPlace.Agent, bad, cancellationToken: TestContext.Current.CancellationToken));
            Assert.StartsWith($"systemd does not accept the content: {bad.Name.FullName}: Service has no ExecStart=", check.Message, StringComparison.Ordinal);
            Assert.Equal((check.Message, false), (run.Message, run.Hosts.Single().Changed));
        }

        Assert.Equal(before, await host.SnapshotAsync("others"));
    }

    [Fact]
    public async Task Lines_that_systemd_ignores_are_warnings()
    {
        var host = await booted.GetAsync();

        var change = await host.ResultAsync(ServiceOperations.UpdateUnit, new() { Name = "typo", Content = "[Service]\nExecStart=/bin/sleep 9\nRestrat=always\n" });

        Assert.Contains(change.Warnings!, line => line.Contains("typo.service:4", StringComparison.Ordinal) && line.Contains("Restrat", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_unit_file_of_somebody_else_is_kept_without_force()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("theirs.service", ServiceFixture.Sleeping);
        UpdateUnit request = new() { Name = "theirs", Content = ServiceFixture.Installed };

        Assert.Equal($"{Directory}/theirs.service was not written by service.unit.update, and stays as it is without force", await host.RefusedAsync(ServiceOperations.UpdateUnit, request, "theirs", ErrorType.Conflict));
        await host.RefusedAsync(ServiceOperations.DeleteUnit, new() { Name = "theirs" }, "theirs", ErrorType.Conflict);

        await host.StepAsync(ServiceOperations.UpdateUnit, request with { Force = true }, "theirs", changes: true);
        await host.StepAsync(ServiceOperations.UpdateUnit, request, "theirs", changes: false);
    }

    [Fact]
    public async Task A_masked_unit_gets_no_file()
    {
        var host = await booted.GetAsync();
        await host.MustAsync("systemctl", "mask", "void");

        Assert.Contains("void.service is masked", await host.RefusedAsync(ServiceOperations.UpdateUnit, new() { Name = "void", Content = ServiceFixture.Sleeping, Force = true }, "void", ErrorType.Conflict), StringComparison.Ordinal);
        await host.RefusedAsync(ServiceOperations.DeleteUnit, new() { Name = "void", Force = true }, "void", ErrorType.Conflict);
    }

    [Fact]
    public async Task A_drop_in_changes_a_packaged_unit_and_its_removal_brings_back_the_packages_settings()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("packaged.service", ServiceFixture.Sleeping, "/usr/local/lib/systemd/system");
        await host.MustAsync("systemctl", "start", "packaged");
        UpdateUnit request = new() { Name = "packaged", DropIn = "limits.conf", Content = "[Service]\nNice=7\n", RestartOnChange = true };

        var change = Change(await host.StepAsync(ServiceOperations.UpdateUnit, request, "packaged", changes: true));
        await host.StepAsync(ServiceOperations.UpdateUnit, request, "packaged", changes: false);
        var status = await host.ResultAsync(ServiceOperations.Status, new() { Name = "packaged" });

        Assert.Equal((true, $"{Directory}/packaged.service.d/limits.conf"), (change.Restarted, change.Path));
        Assert.Equal("7", await host.PropertyAsync("packaged", "Nice"));
        Assert.Equal([$"{Directory}/packaged.service.d/limits.conf"], status.DropIns);
        await host.StepAsync(ServiceOperations.DeleteUnit, new() { Name = "packaged", DropIn = "limits.conf" }, "packaged", changes: true);
        Assert.Equal("0 active", $"{await host.PropertyAsync("packaged", "Nice")} {await host.ActiveAsync("packaged")}");
        await host.MustAsync("test", "!", "-e", $"{Directory}/packaged.service.d");
    }

    [Fact]
    public async Task A_drop_in_that_systemd_does_not_accept_is_removed_again()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("steady.service", ServiceFixture.Sleeping, "/usr/local/lib/systemd/system");

        var entry = await host.ExecuteAsync(ServiceOperations.UpdateUnit, new() { Name = "steady", DropIn = "bad.conf", Content = "[Service]\nExecStart=\n" });

        Assert.Equal((ErrorType.Invalid, false), (entry.ErrorType, entry.Changed));
        Assert.Equal("loaded", await host.PropertyAsync("steady", "LoadState"));
    }

    [Fact]
    public async Task The_removal_of_an_override_brings_back_the_packages_file_and_the_service_runs_on()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("shadow.service", ServiceFixture.Sleeping, "/usr/local/lib/systemd/system");
        await host.ResultAsync(ServiceOperations.UpdateUnit, new() { Name = "shadow", Content = "[Service]\nExecStart=/bin/sleep infinity\nNice=3\n" });
        await host.MustAsync("systemctl", "start", "shadow");

        await host.StepAsync(ServiceOperations.DeleteUnit, new() { Name = "shadow" }, "shadow", changes: true);

        Assert.Equal("active /usr/local/lib/systemd/system/shadow.service", $"{await host.ActiveAsync("shadow")} {await host.PropertyAsync("shadow", "FragmentPath")}");
    }

    [Fact]
    public async Task A_unit_that_does_not_stop_keeps_its_file()
    {
        var host = await booted.GetAsync();
        await host.ResultAsync(ServiceOperations.UpdateUnit, new() { Name = "stuck", Content = "[Unit]\nRefuseManualStop=yes\n" + ServiceFixture.Sleeping });
        await host.MustAsync("systemctl", "start", "stuck");

        Assert.Contains("cannot be stopped", await host.RefusedAsync(ServiceOperations.DeleteUnit, new() { Name = "stuck" }, "stuck", ErrorType.Conflict), StringComparison.Ordinal);
        await host.MustAsync("test", "-e", $"{Directory}/stuck.service");
    }

    [Fact]
    public async Task A_template_is_written_and_removed_when_no_instance_of_it_runs()
    {
        var host = await booted.GetAsync();
        UpdateUnit request = new() { Name = "many@", Content = ServiceFixture.Installed };
        await host.StepAsync(ServiceOperations.UpdateUnit, request, "many@1", changes: true);
        await host.StepAsync(ServiceOperations.UpdateUnit, request, "many@1", changes: false);
        await host.MustAsync("systemctl", "enable", "--now", "many@1");

        Assert.Equal("many@.service is not removed while many@1.service, an instance of it, is active", await host.RefusedAsync(ServiceOperations.DeleteUnit, new() { Name = "many@" }, "many@1", ErrorType.Conflict));
        await host.MustAsync("systemctl", "stop", "many@1");
        await host.StepAsync(ServiceOperations.DeleteUnit, new() { Name = "many@" }, "many@1", changes: true);
        await host.MustAsync("test", "!", "-L", $"{Directory}/multi-user.target.wants/many@1.service");
    }

    [Fact]
    public async Task An_enabling_that_fails_after_the_content_was_written_says_so()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("taken.service", ServiceFixture.Sleeping);

        var entry = await host.ExecuteAsync(ServiceOperations.UpdateUnit, new() { Name = "wants-it", Content = ServiceFixture.Sleeping + "[Install]\nAlias=taken.service\n", Enabled = true });

        Assert.Equal((Outcome.Failed, ErrorType.Conflict, true), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.StartsWith("the content was written, and then: systemd: ", entry.Error, StringComparison.Ordinal);
        await host.MustAsync("test", "-e", $"{Directory}/wants-it.service");
    }

    [Fact]
    public async Task Text_outside_of_ASCII_arrives_as_it_is()
    {
        var host = await booted.GetAsync();
        UpdateUnit request = new() { Name = "text", Content = "[Unit]\nDescription=Wörter – 漢字\n" + ServiceFixture.Sleeping };

        await host.StepAsync(ServiceOperations.UpdateUnit, request, "text", changes: true);
        await host.StepAsync(ServiceOperations.UpdateUnit, request, "text", changes: false);

        Assert.Equal("Wörter – 漢字", (await host.ResultAsync(ServiceOperations.Status, new() { Name = "text" })).Description);
    }

    private static UnitChange Change(HostReply entry) => entry.Result!.Value.Deserialize(ServiceOperations.UpdateUnit.Result)!;
}
