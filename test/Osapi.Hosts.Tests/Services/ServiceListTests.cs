using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations.Services;

namespace Osapi.Hosts.Tests.Services;

/// <summary>Tests of reading units, on a host that booted systemd.</summary>
[Collection("hosts, one class after the other")]
public sealed class ServiceListTests(BootedHost booted) : IClassFixture<BootedHost>
{
    [Fact]
    public async Task Loaded_units_and_those_with_only_a_file_are_listed_each_once_ordered_by_name()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("zz-only-a-file.service", ServiceFixture.Installed);

        var list = await host.ResultAsync(ServiceOperations.List, new());

        var names = list.Services.Select(service => service.Name).ToList();
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.Equal(names.Count, list.Total);
        Assert.All(names, name => Assert.EndsWith(".service", name, StringComparison.Ordinal));
        Assert.Equal(("active", "running", "loaded"), State(list, "dbus.service"));
        Assert.Equal(("inactive", null, null), State(list, "zz-only-a-file.service"));
        Assert.Equal("disabled", list.Services.Single(service => service.Name == "zz-only-a-file.service").EnabledState);
    }

    [Fact]
    public async Task Patterns_types_and_states_select()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("pick-a.service", ServiceFixture.Sleeping);
        await host.UnitAsync("pick-b.service", "[Service]\nType=oneshot\nExecStart=/bin/false\n");
        await host.UnitAsync("pick-c.timer", "[Timer]\nOnBootSec=99h\n[Install]\nWantedBy=timers.target\n");
        await host.MustAsync("systemctl", "start", "pick-a");
        await host.RunAsync("systemctl", "start", "pick-b");

        Assert.Equal(["pick-a.service", "pick-b.service"], await NamesAsync(new() { Pattern = "pick-*" }));
        Assert.Equal(["pick-a.service"], await NamesAsync(new() { Pattern = "pick-?.service", State = ActiveState.Active }));
        Assert.Equal(["pick-b.service"], await NamesAsync(new() { Pattern = "pick-[ab]*", State = ActiveState.Failed }));
        Assert.Equal(["pick-c.timer"], await NamesAsync(new() { Pattern = "pick-*", Type = UnitKind.Timer }));
        Assert.Equal(["pick-a.service", "pick-b.service", "pick-c.timer"], await NamesAsync(new() { Pattern = "pick-*", Type = UnitKind.All }));
        Assert.Equal(["pick-a.service"], await NamesAsync(new() { Pattern = "pick-a" }));
        Assert.Equal([], await NamesAsync(new() { Pattern = "no-such-*" }));

        async Task<IEnumerable<string>> NamesAsync(ListServices request) => (await host.ResultAsync(ServiceOperations.List, request)).Services.Select(service => service.Name);
    }

    [Fact]
    public async Task A_unit_that_others_name_but_that_does_not_exist_is_not_listed()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("wanting.service", "[Unit]\nAfter=phantom.service\nWants=phantom.service\n" + ServiceFixture.Sleeping);
        await host.MustAsync("systemctl", "start", "wanting");

        Assert.Empty((await host.ResultAsync(ServiceOperations.List, new() { Pattern = "phantom" })).Services);
    }

    [Fact]
    public async Task The_status_tells_what_systemd_knows()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("known.service", "[Unit]\nDescription=A known one\n[Service]\nType=exec\nExecStart=/bin/sleep infinity\nExecReload=/bin/true\n");
        var before = TimeProvider.System.GetUtcNow();
        await host.MustAsync("systemctl", "start", "known");

        var status = await host.ResultAsync(ServiceOperations.Status, new() { Name = "known" });

        Assert.Equal(("known.service", "loaded", "active", "running", "static", "exec", "success"), (status.Name, status.LoadState, status.ActiveState, status.SubState, status.EnabledState, status.Type, status.Result));
        Assert.Equal((await host.PropertyAsync("known", "MainPID"), true, false, "A known one"), ($"{status.MainPid}", status.CanReload, status.Managed, status.Description));
        Assert.InRange(status.Since!.Value, before.AddSeconds(-1), TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.Equal($"{ServiceFixture.Directory}/known.service", status.FragmentPath);
    }

    [Fact]
    public async Task Automatic_restarts_are_counted()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("reborn.service", "[Service]\nExecStart=/bin/sh -c 'test -e /run/reborn || { touch /run/reborn; exit 1; }; exec sleep infinity'\nRestart=always\nRestartSec=10ms\n");
        await host.MustAsync("systemctl", "start", "reborn");
        for (var tries = 0; tries < 100 && await host.PropertyAsync("reborn", "NRestarts") != "1"; tries++)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);

        var status = await host.ResultAsync(ServiceOperations.Status, new() { Name = "reborn" });

        Assert.Equal((1, "active"), (status.Restarts, status.ActiveState));
    }

    [Fact]
    public async Task A_socket_that_starts_a_service_is_named()
    {
        var host = await booted.GetAsync();

        Assert.Equal(["dbus.socket"], (await host.ResultAsync(ServiceOperations.Status, new() { Name = "dbus" })).TriggeredBy);
        Assert.Null((await host.ResultAsync(ServiceOperations.Status, new() { Name = "dbus.socket" })).Type);
    }

    [Fact]
    public async Task A_unit_that_cannot_be_loaded_has_a_status_with_the_reason()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("wrong.service", "[Service]\nType=forking\n");

        var status = await host.ResultAsync(ServiceOperations.Status, new() { Name = "wrong" });

        Assert.Equal(("bad-setting", "Unit wrong.service has a bad unit file setting."), (status.LoadState, status.LoadError));
    }

    [Fact]
    public async Task A_masked_unit_has_a_status()
    {
        var host = await booted.GetAsync();
        await host.MustAsync("systemctl", "mask", "covered");

        Assert.Equal("masked", (await host.ResultAsync(ServiceOperations.Status, new() { Name = "covered" })).EnabledState);
    }

    [Fact]
    public async Task Names_with_escapes_reach_systemd_as_they_are()
    {
        var host = await booted.GetAsync();
        await host.UnitAsync("data\\x2ddisk@.service", "[Service]\nExecStart=/bin/sleep infinity\n");

        await host.StepAsync(ServiceOperations.Start, new() { Name = "data\\x2ddisk@dev-sda\\x20one", Settle = 0 }, "data\\x2ddisk@dev-sda\\x20one", changes: true);

        Assert.Equal(["data\\x2ddisk@dev-sda\\x20one.service"], (await host.ResultAsync(ServiceOperations.List, new() { Pattern = "data*", State = ActiveState.Active })).Services.Select(service => service.Name));
    }

    private static (string, string?, string?) State(ServiceList list, string name) =>
        list.Services.Where(service => service.Name == name).Select(service => (service.ActiveState, service.SubState, service.LoadState)).Single();
}
