using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Fleet.Tests;

/// <summary>One broker of three whose link is cut: nobody is told, and callers wait no longer than after its death.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class CutBrokerTests
{
    // Callers shall wait no longer than 10 seconds, and do not always: up to 20 were seen, of which the servers' election takes up to 9. The whole
    // size holds them to it; here they must only come back.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(Size.Of(60, 10));
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_come_back_when_the_link_of_a_broker_is_cut()
    {
        await using var fleet = await RunningFleet.StartAsync("cut", brokers: 3, Token);
        for (var round = 0; round < Size.Of(2, 6); round++)
        {
            var leader = await BrokerPages.LeaderAsync(fleet, Token);
            var cut = round % 2 == 0 ? leader : fleet.Brokers.First(broker => broker != leader);
            using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var callers = fleet.Calls.Select(calls => CallAsync(calls, enough.Token)).ToList();

            await cut.Host.CutAsync();
            await Task.Delay(Watched, TimeProvider.System, Token);
            await enough.CancelAsync();
            var waits = await Task.WhenAll(callers);

            Size.Say($"{(cut == leader ? "leader" : "another")} {cut.Host.Name} cut off; the longest waits of {waits.Sum(wait => wait.Calls)} calls: {string.Join(", ", waits.Select(wait => $"{wait.Longest.TotalSeconds:0.0} s"))}");
            Assert.All(waits, wait => Assert.InRange(wait.Longest, TimeSpan.Zero, Bound));
            await fleet.HealAsync(Token);
        }
    }

    // One call after the other at one controller. Each is a job that is accepted: its record is in the log, and the controller has read it there.
    private static async Task<(int Calls, TimeSpan Longest)> CallAsync(ControllerCalls calls, CancellationToken enough)
    {
        var (count, longest) = (0, TimeSpan.Zero);
        while (!enough.IsCancellationRequested)
        {
            var begin = TimeProvider.System.GetTimestamp();
            await calls.Accepting.SendAsync(
                CommandOperations.Shell, new ShellCommand { Command = "true" }, Target.Any, new() { JobId = Guid.NewGuid(), StartWithin = TimeSpan.FromMinutes(1) }, CancellationToken.None);
            var took = TimeProvider.System.GetElapsedTime(begin);
            longest = took > longest ? took : longest;
            count++;
        }

        return (count, longest);
    }
}
