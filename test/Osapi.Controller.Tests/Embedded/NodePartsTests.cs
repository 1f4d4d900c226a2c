using Microsoft.Extensions.Logging;
using Osapi.Hosting;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>A node runs the parts that its options name, and no others.</summary>
public sealed class NodePartsTests : NodeTest
{
    [Fact]
    public async Task A_controller_without_an_agent_answers()
    {
        await using var node = await OsapiNode.StartAsync(Options with { Agent = null }, Token);
        using var client = node.CreateClient();

        Assert.Empty((await client.Agent.ListAsync(cancellationToken: Token)).Agents);
    }

    [Fact]
    public async Task The_log_says_what_was_started_and_where()
    {
        using Logs logs = new();

        await using var node = await OsapiNode.StartAsync(
            Options with { Logging = logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(logs) }, Token);

        Assert.Equal(
            [
                $"Information Started version {ProductVersion.Text} with its state in {State} on the embedded transport",
                $"Information The controller listens on {node.Socket}",
                "Information The agent accepts jobs for web-01, at most 10 at the same time",
            ],
            logs.Lines.Select(line => line.Split("  ")[0]).Where(line => line.StartsWith("Information Started", StringComparison.Ordinal) || line.StartsWith("Information The ", StringComparison.Ordinal)));
    }

    [Fact]
    public Task A_node_without_parts_is_refused() =>
        Assert.ThrowsAsync<ArgumentException>(() => OsapiNode.StartAsync(Options with { Controller = null, Agent = null, Nats = new() { Urls = ["nats://127.0.0.1:1"] } }, Token));

    [Fact]
    public Task An_agent_alone_needs_a_broker() =>
        Assert.ThrowsAsync<ArgumentException>(() => OsapiNode.StartAsync(Options with { Controller = null }, Token));
}
