using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Command;

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
        Assert.Equal(fleet.Agents.Select(agent => (agent.Host.Name, agent.Host == cut ? Outcome.Expired : Outcome.Ok)), results.Select(result => (result.Hostname, result.Outcome)));
        // The guarantee is one second; five times that is the limit on a busy machine.
        Assert.True(took < StartWithin + TimeSpan.FromSeconds(5), $"it took {took}");
    }
}
