using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Agents;

namespace Osapi.Fleet.Tests;

/// <summary>Tests of a machine that was copied with its state directory: jobs run on one of the two.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class CloneTests(SingleBroker broker)
{
    private const int Jobs = 20;
    private const string Copy = "/var/lib/osapi-copy";

    [Fact]
    public async Task A_clone_is_refused_while_the_original_runs_and_each_job_runs_once()
    {
        var token = TestContext.Current.CancellationToken;
        var fleet = await broker.GetAsync();
        // Any machine can hold the copy; that of a controller is free.
        var (original, other) = (fleet.Agents[0].Host, fleet.Controllers[1].Host);
        await CopyAsync(original, other);

        await using var clone = Clone(fleet, original, other);
        var refusal = await clone.LineAsync("It has the same ledger as this agent", token);
        await RunAsync(fleet, original.Name, token);

        Size.Say(refusal);
        Assert.Contains($"the name {original.Name} is taken by another agent", refusal, StringComparison.Ordinal);
        Assert.Equal((Jobs, 0), (Ran(original), Ran(other)));
        var agent = await fleet.Calls[0].Waiting.Agent.GetAsync(original.Name, cancellationToken: token);
        while (!agent.Conditions.Any(condition => condition is { Type: AgentConditionType.Cloned, Status: true }))
            agent = await fleet.Calls[0].Waiting.Agent.GetAsync(original.Name, cancellationToken: token);
        var reason = agent.Conditions.Single(condition => condition.Type == AgentConditionType.Cloned).Reason;
        Size.Say(reason!);
        Assert.Contains(other.Address, reason, StringComparison.Ordinal);
    }

    private static FleetProcess Clone(RunningFleet fleet, FleetHost original, FleetHost other) => other.Launch(
        Path.Combine(Programs.Logs, "clone.log"),
        "env", "OSAPI_CONFIG=/dev/null", $"OSAPI_STATE_DIR={Copy}", Programs.Osapi, "agent", "start", "--hostname", original.Name,
        "--nats", $"nats://{fleet.Brokers[0].Host.Address}:4222");

    private static async Task RunAsync(RunningFleet fleet, string host, CancellationToken cancellationToken)
    {
        for (var job = 0; job < Jobs; job++)
        {
            var reply = await fleet.Calls[0].Waiting.Command.ShellAsync(job % 2 == 0 ? host : Target.All, new() { Command = "echo >> /var/ran" }, cancellationToken: cancellationToken);
            Assert.Contains(reply.Hosts, result => result.Hostname == host && result.Outcome == Outcome.Ok);
        }
    }

    private static int Ran(FleetHost host) => host.Lines("/var/ran").Length;

    private static async Task CopyAsync(FleetHost from, FleetHost to)
    {
        var (code, _, error) = await Osapi.Hosts.Tests.Hosts.Tool.RunAsync(
            ["cp", "-a", from.Outside(ControllerCalls.State), to.Outside(Copy)], CancellationToken.None);
        Assert.True(code == 0, error);
    }
}
