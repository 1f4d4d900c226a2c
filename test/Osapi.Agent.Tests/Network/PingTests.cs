using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts.Network;
using Osapi.Agent.Network;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Agent.Tests.Network;

/// <summary>Tests of pings to this machine itself; lost packets and blocked routes are tested on other hosts.</summary>
public sealed class PingTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    public async Task The_machine_answers_itself(string address, string answered)
    {
        var entry = await RunAsync(new() { Address = address, Count = 2, Interval = 0.2 });

        Assert.Equal((Outcome.Ok, null, false), (entry.Outcome, entry.Error, entry.Changed));
        var result = entry.Result!.Value.Deserialize(NetworkOperations.Ping.Result)!;
        Assert.Equal((answered, 2, 2, 0.0), (result.Address, result.PacketsSent, result.PacketsReceived, result.PacketLoss));
        Assert.Matches(@"^\d+\.\d\dms$", result.AvgRtt);
        Assert.True(result.MinRttMs <= result.AvgRttMs && result.AvgRttMs <= result.MaxRttMs && result.MaxRttMs < 1000);
    }

    [Fact]
    public async Task A_zone_that_the_host_does_not_have_is_not_found() =>
        Assert.Equal(ErrorType.NotFound, (await RunAsync(new() { Address = "fe80::1%nosuch0" })).ErrorType);

    [Fact]
    public void Times_are_in_milliseconds_with_two_decimals()
    {
        EchoReply[] echoes = [new(TimeSpan.FromMicroseconds(14_644), null), new(TimeSpan.FromMicroseconds(24_306), null), new(null, "a router reports that the host is unreachable"), new(null, null)];

        var result = PingHostHandler.Result("192.0.2.1", echoes);

        Assert.Equal((4, 2, 50.0), (result.PacketsSent, result.PacketsReceived, result.PacketLoss));
        Assert.Equal(("14.64ms", "19.48ms", "24.31ms"), (result.MinRtt, result.AvgRtt, result.MaxRtt));
        Assert.Equal((14.64, 19.48, 24.31), (result.MinRttMs, result.AvgRttMs, result.MaxRttMs));
        Assert.Equal("a router reports that the host is unreachable", result.Note);
    }

    [Fact]
    public void Without_an_answer_there_are_no_times()
    {
        var result = PingHostHandler.Result("192.0.2.1", [new(null, null), new(null, null), new(null, null)]);

        Assert.Equal((0, 100.0, null, null, null), (result.PacketsReceived, result.PacketLoss, result.MinRtt, result.MinRttMs, result.Note));
    }

    private static Task<HostReply> RunAsync(PingHost request) =>
        new OperationExecutor(AgentHandlers.All, new() { Name = "web-01" })
            .RunAsync(NetworkOperations.Ping.Id, JsonSerializer.SerializeToUtf8Bytes(request, NetworkOperations.Ping.Request), check: false, TestContext.Current.CancellationToken);
}
