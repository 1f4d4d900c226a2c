using Osapi.Client;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Operations.Jobs;

namespace Osapi.Fleet.Tests;

/// <summary>P4: every host that was expected to answer is in the results.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class SilentHostTests(SingleBroker broker)
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_broadcast_with_one_host_cut_off_answers_in_time_and_names_it()
    {
        var fleet = await broker.GetAsync();
        var cut = fleet.Agents[3].Host;
        await cut.CutAsync();

        var begin = TimeProvider.System.GetTimestamp();
        var reply = await fleet.Calls[0].Waiting.SendAsync(
            CommandOperations.Shell, new ShellCommand { Command = "true" }, Target.All, new() { StartWithin = StartWithin }, TestContext.Current.CancellationToken);
        var took = TimeProvider.System.GetElapsedTime(begin);
        await cut.JoinAsync();

        var results = reply.As(CommandOperations.Shell).Hosts;
        Size.Say($"{results.Count} results after {took.TotalSeconds:0.000} s with start_within {StartWithin.TotalSeconds} s: {string.Join(", ", results.Select(result => $"{result.Hostname} {result.Outcome}"))}");
        (string, Outcome, bool?)[] expected = [.. fleet.Agents.Select(agent => (agent.Host.Name, agent.Host == cut ? Outcome.Expired : Outcome.Ok, agent.Host == cut ? false : (bool?)null))];
        Assert.Equal(expected, results.Select(result => (result.Hostname, result.Outcome, result.Reachable)));
        // The other controller reads the same later.
        var job = await fleet.Calls[1].Waiting.Job.GetAsync(reply.JobId!.Value, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected, job.Responses.Values.Select(response => (response.Hostname, response.Outcome, response.Reachable)));
        // The guarantee is one second; five times that is the limit on a busy machine.
        Assert.True(took < StartWithin + TimeSpan.FromSeconds(5), $"it took {took}");
    }

    [Fact]
    public async Task A_busy_host_is_reachable()
    {
        var fleet = await broker.GetAsync();
        var busy = fleet.Agents[2].Host.Name;
        var client = fleet.Calls[0].Waiting;
        using CancellationTokenSource done = new();
        // As many as an agent runs at once.
        var occupying = Enumerable.Range(0, 10).Select(_ => client.Command.ShellAsync(busy, new() { Command = "sleep 60" }, cancellationToken: done.Token)).ToList();
        try
        {
            await OccupiedAsync(client, busy, TestContext.Current.CancellationToken);

            var failure = await Assert.ThrowsAsync<ServerException>(() => client.Command.ShellAsync(
                busy, new() { Command = "true" }, new() { StartWithin = StartWithin }, TestContext.Current.CancellationToken));

            var host = Assert.Single(failure.Hosts);
            Assert.Equal((Outcome.Expired, null), (host.Outcome, host.Reachable));
        }
        finally
        {
            await done.CancelAsync();
            foreach (var call in occupying)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    private static async Task OccupiedAsync(OsapiClient client, string host, CancellationToken cancellationToken)
    {
        while ((await client.Job.ListAsync(new() { Hostname = host, Status = JobStatus.Processing, Limit = 100 }, cancellationToken: cancellationToken)).Items.Count < 10)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
    }
}
