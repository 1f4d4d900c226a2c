using System.Text.Json;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Hosts.Tests.Network;

/// <summary>Tests of real echo requests between hosts whose firewalls drop some of them.</summary>
[Collection("hosts, one class after the other")]
public sealed class PingHostTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    [Fact]
    public async Task A_host_that_answers_has_no_loss()
    {
        var (one, two) = await TwoAsync();

        var result = await one.ResultAsync(NetworkOperations.Ping, new() { Address = two.Address, Count = 5, Interval = 0.2 });

        Assert.Equal((two.Address, 5, 5, 0.0, null), (result.Address, result.PacketsSent, result.PacketsReceived, result.PacketLoss, result.Note));
        Assert.InRange(result.MinRttMs!.Value, 0.001, 500);
    }

    [Fact]
    public async Task Lost_packets_are_a_result()
    {
        var (one, two) = await TwoAsync();
        await two.MustAsync("iptables", "-A", "INPUT", "-p", "icmp", "-m", "statistic", "--mode", "nth", "--every", "2", "--packet", "0", "-j", "DROP");

        var result = await one.ResultAsync(NetworkOperations.Ping, new() { Address = two.Address, Count = 4, Interval = 0.2, Timeout = 1 });

        Assert.Equal((4, 2, 50.0), (result.PacketsSent, result.PacketsReceived, result.PacketLoss));
        Assert.NotNull(result.AvgRtt);
    }

    [Fact]
    public async Task A_silent_host_is_all_loss_and_takes_no_longer_than_its_bound()
    {
        var (one, two) = await TwoAsync();
        await two.MustAsync("iptables", "-A", "INPUT", "-p", "icmp", "-j", "DROP");
        var begin = TimeProvider.System.GetTimestamp();

        var result = await one.ResultAsync(NetworkOperations.Ping, new() { Address = two.Address, Count = 3, Interval = 0.2, Timeout = 0.5 });

        Assert.Equal((3, 0, 100.0, null), (result.PacketsSent, result.PacketsReceived, result.PacketLoss, result.AvgRtt));
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin), TimeSpan.FromSeconds(0.85), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task An_unused_address_has_full_packet_loss()
    {
        var (one, _) = await TwoAsync();

        var result = await one.ResultAsync(NetworkOperations.Ping, new() { Address = "10.77.0.200", Count = 1, Timeout = 0.5 });

        Assert.Equal((0, 100.0), (result.PacketsReceived, result.PacketLoss));
    }

    [Fact]
    public async Task An_unreachable_neighbour_is_reported_as_unreachable()
    {
        var (one, _) = await TwoAsync();

        // Longer than the kernel tries to resolve an address (ip-neighbour(8)).
        var result = await one.ResultAsync(NetworkOperations.Ping, new() { Address = "10.77.0.201", Count = 2, Interval = 0.2, Timeout = 10 });

        Assert.Equal(100.0, result.PacketLoss);
        Assert.Equal("no host answers at that address in its network", result.Note);
    }

    [Fact]
    public async Task The_address_of_no_host_cannot_be_asked()
    {
        var (one, _) = await TwoAsync();

        foreach (var address in (string[])["0.0.0.0", "::"])
        {
            var entry = await one.ExecuteAsync(NetworkOperations.Ping, new() { Address = address });
            Assert.Equal((ErrorType.Invalid, $"{address} is the unspecified address, which cannot be pinged"), (entry.ErrorType, entry.Error));
        }
    }

    [Fact]
    public async Task A_firewall_of_its_own_is_an_error()
    {
        var (one, two) = await TwoAsync();
        await one.MustAsync("iptables", "-A", "OUTPUT", "-p", "icmp", "-j", "REJECT");

        var entry = await one.ExecuteAsync(NetworkOperations.Ping, new() { Address = two.Address, Count = 100, Interval = 0.2 });

        Assert.Equal((Outcome.Failed, ErrorType.Failed), (entry.Outcome, entry.ErrorType));
        Assert.Contains("permission denied", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_route_is_an_error_and_an_unknown_name_another()
    {
        var (one, _) = await TwoAsync();
        await one.MustAsync("ip", "route", "replace", "unreachable", "203.0.113.0/24");

        var unreachable = await one.ExecuteAsync(NetworkOperations.Ping, new() { Address = "203.0.113.1", Count = 100 });
        var unknown = await one.ExecuteAsync(NetworkOperations.Ping, new() { Address = "nosuch.lab.test" });

        Assert.Equal(ErrorType.Unavailable, unreachable.ErrorType);
        Assert.StartsWith("this host has no route to 203.0.113.1: ", unreachable.Error, StringComparison.Ordinal);
        Assert.Equal((ErrorType.NotFound, "the name nosuch.lab.test is unknown to this host's resolver"), (unknown.ErrorType, unknown.Error));
    }

    [Fact]
    public async Task A_name_is_looked_up_by_the_host()
    {
        var (one, _) = await TwoAsync();
        await one.MustAsync("ip", "addr", "replace", "10.77.0.42/32", "dev", "lo");

        var result = await one.ResultAsync(NetworkOperations.Ping, new() { Address = "web.lab.test", Count = 1 });

        Assert.Equal(("10.77.0.42", 1), (result.Address, result.PacketsReceived));
    }

    [Fact]
    public async Task An_agent_without_privileges_can_ping_as_well()
    {
        var (one, two) = await TwoAsync();
        await using var agent = one.StartUnprivilegedAgent();

        var entry = await agent.ExecuteAsync(
            NetworkOperations.Ping.Id,
            JsonSerializer.SerializeToElement(new() { Address = two.Address, Count = 2, Interval = 0.2 }, NetworkOperations.Ping.Request),
            check: false,
            TestContext.Current.CancellationToken);

        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        Assert.Equal(2, entry.Result!.Value.GetProperty("packets_received").GetInt32());
    }

    private async Task<(LightHost One, LightHost Two)> TwoAsync()
    {
        var (one, two) = (await hosts.GetAsync("h1"), await hosts.GetAsync("h2"));
        foreach (var host in (LightHost[])[one, two])
            await host.MustAsync("iptables", "-F");
        return (one, two);
    }
}
