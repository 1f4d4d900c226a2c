using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Hosts.Tests.Services;

/// <summary>Tests of the service operations on a host without systemd.</summary>
public sealed class NoSystemdTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    private const string Reason = "this host was not booted with systemd, which the service operations need";

    [Fact]
    public async Task Every_operation_is_unavailable_and_says_why()
    {
        var host = await hosts.GetAsync("h1");
        List<HostReply> replies =
        [
            await host.ExecuteAsync(ServiceOperations.List, new()),
            await host.ExecuteAsync(ServiceOperations.Status, new() { Name = "dbus" }),
            await host.ExecuteAsync(ServiceOperations.UpdateState, new() { Name = "dbus", State = DesiredServiceState.Running }),
            await host.ExecuteAsync(ServiceOperations.UpdateState, new() { Name = "dbus", State = DesiredServiceState.Running }, check: true),
            await host.ExecuteAsync(ServiceOperations.Start, new() { Name = "dbus" }),
            await host.ExecuteAsync(ServiceOperations.Stop, new() { Name = "dbus" }),
            await host.ExecuteAsync(ServiceOperations.Restart, new() { Name = "dbus" }),
            await host.ExecuteAsync(ServiceOperations.Reload, new() { Name = "dbus" }),
            await host.ExecuteAsync(ServiceOperations.Enable, new() { Name = "dbus" }),
            await host.ExecuteAsync(ServiceOperations.Disable, new() { Name = "dbus" }),
            await host.ExecuteAsync(ServiceOperations.UpdateUnit, new() { Name = "web", Content = ServiceFixture.Sleeping }),
            await host.ExecuteAsync(ServiceOperations.DeleteUnit, new() { Name = "web" }),
        ];

        Assert.All(replies, entry => Assert.Equal((Outcome.Failed, ErrorType.Unavailable, Reason, false), (entry.Outcome, entry.ErrorType, entry.Error, entry.Changed)));
        await host.MustAsync("test", "!", "-e", "/etc/systemd/system/web.service");
    }
}
