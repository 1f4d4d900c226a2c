using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Hosts.Tests.Facts;

/// <summary>Tests of the facts of hosts that differ from the machine they run on.</summary>
[Collection("hosts, one class after the other")]
public sealed class FactsHostTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    [Fact]
    public async Task References_are_resolved_where_the_operation_runs()
    {
        var host = await hosts.GetAsync("h1");

        var dns = await host.ExecuteAsync(NetworkOperations.GetDns, new() { InterfaceName = "@fact.interface.primary" });
        var ping = await host.ResultAsync(NetworkOperations.Ping, new() { Address = "@fact.hostname.hosts.test", Count = 1 });

        Assert.Equal((Outcome.Ok, null), (dns.Outcome, dns.Error));
        Assert.Equal("127.0.1.1", ping.Address);
    }

    [Fact]
    public async Task A_value_that_breaks_the_rule_is_refused_by_the_host()
    {
        var host = await hosts.GetAsync("h1");

        var entry = await host.ExecuteAsync(NetworkOperations.GetDns, new() { InterfaceName = "@fact.kernel_version-is-much-too-long-for-a-name" });

        Assert.Equal(ErrorType.Invalid, entry.ErrorType);
        Assert.StartsWith("interface_name must be the name of a network interface", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_a_default_route_has_no_primary_interface()
    {
        var host = await hosts.GetAsync("h2");
        await host.MustAsync("ip", "route", "del", "default");

        var entry = await host.ExecuteAsync(NetworkOperations.GetDns, new() { InterfaceName = "@fact.interface.primary" });

        Assert.Equal((Outcome.Failed, ErrorType.Invalid, "@fact.interface.primary has no value on this host"), (entry.Outcome, entry.ErrorType, entry.Error));
    }
}
