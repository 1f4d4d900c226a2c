using Osapi.Client;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Fleet.Tests;

/// <summary>One broker of three whose link is cut: no error signals it, and callers get answers no later than after its death.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class CutBrokerTests
{
    // A controller answers within 10 seconds, if only that the broker does not. The rest is what two shared cores take to run it: after such a
    // pause, controllers, agents and servers all have something to do.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10 + 2);

    // The servers' own time: they notice a dead link after about 4 seconds, and elect in 4 to 9, now and then more than once.
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_are_answered_when_the_link_of_a_broker_is_cut_and_no_job_is_lost()
    {
        await using var fleet = await RunningFleet.StartAsync("cut", brokers: 3, Token);
        for (var round = 0; round < Size.Of(2, 6); round++)
        {
            // A server that was cut off has to catch up before another can be spared.
            await BrokerPages.InStepAsync(fleet, Token);
            var leader = await BrokerPages.LeaderAsync(fleet, Token);
            var cut = round % 2 == 0 ? leader : fleet.Brokers.First(broker => broker != leader);
            using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var callers = fleet.Calls.Select(calls => CallAsync(calls, enough.Token)).ToList();

            await cut.Host.CutAsync();
            await Task.Delay(Watched, TimeProvider.System, Token);
            await enough.CancelAsync();
            var waits = await Task.WhenAll(callers);

            Size.Say($"{(cut == leader ? "leader" : "another")} {cut.Host.Name} cut off, {waits.Sum(wait => wait.Jobs)} jobs; {string.Join("; ", waits.Select(wait => wait.ToString()))}");
            Assert.All(waits, wait => Assert.InRange(wait.LongestAnswer, TimeSpan.Zero, LongestAnswer));
            Assert.All(waits, wait => Assert.InRange(wait.LongestOutage, TimeSpan.Zero, LongestOutage));
            await fleet.HealAsync(Token);
        }
    }

    // Submits one job after the other to one controller, until it is cancelled and the last one is accepted. A job that may have been accepted is
    // submitted again with the same id.
    private static async Task<Waits> CallAsync(ControllerCalls calls, CancellationToken enough)
    {
        Waits waits = new();
        while (!enough.IsCancellationRequested)
        {
            var begin = TimeProvider.System.GetTimestamp();
            var job = Guid.NewGuid();
            while (!await waits.AnswerAsync(AskAsync(calls, job)))
                Assert.True(TimeProvider.System.GetElapsedTime(begin) < 2 * LongestOutage, $"job {job} is not accepted; the logs are in {Programs.Logs}");
            waits.Accept(TimeProvider.System.GetElapsedTime(begin));
        }

        return waits;
    }

    private static Task AskAsync(ControllerCalls calls, Guid job) => calls.Accepting.SendAsync(
        CommandOperations.Shell, new ShellCommand { Command = "true" }, Target.Any, new() { JobId = job, StartWithin = TimeSpan.FromMinutes(1) }, CancellationToken.None);

    /// <summary>The waits of the callers of one controller.</summary>
    private sealed class Waits
    {
        private int unavailable;

        public int Jobs { get; private set; }

        public TimeSpan LongestAnswer { get; private set; }

        public TimeSpan LongestOutage { get; private set; }

        /// <summary>Waits for an answer; false when it says that the broker does not answer.</summary>
        public async Task<bool> AnswerAsync(Task answer)
        {
            var begin = TimeProvider.System.GetTimestamp();
            try
            {
                await answer;
                return true;
            }
            catch (ServerException failure) when (failure.StatusCode == 503)
            {
                unavailable++;
                return false;
            }
            finally
            {
                LongestAnswer = Max(LongestAnswer, TimeProvider.System.GetElapsedTime(begin));
            }
        }

        /// <summary>A job was accepted, and none since the one before.</summary>
        public void Accept(TimeSpan after)
        {
            Jobs++;
            LongestOutage = Max(LongestOutage, after);
        }

        public override string ToString() => $"the longest answer {LongestAnswer.TotalSeconds:0.0} s, {unavailable} times 503, no job accepted for {LongestOutage.TotalSeconds:0.0} s";

        private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
    }
}
