using Osapi.Hosting;
using Osapi.Operations.Agents;

namespace Osapi.Controller.Tests.Broker;

/// <summary>Tests of a controller and an agent in one process on a broker.</summary>
public sealed class OwnAgentTests : TrustedBrokerTest, IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("osapi-own-agent-").FullName;

    public void Dispose()
    {
        Directory.Delete(directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_enrolled_and_gets_secrets(bool allowsUnsigned)
    {
        await using var node = await StartAsync(allowsUnsigned);
        using var client = node.CreateClient();

        var reply = await client.Command.ExecAsync("web-01", new() { Command = "cat", Stdin = "secret" }, cancellationToken: Token);

        Assert.True(reply.TryGetFirst(out var host) && host.Result?.Stdout == "secret", reply.RawJson);
        var agent = await client.Agent.GetAsync("web-01", cancellationToken: Token);
        Assert.Equal(AgentStatus.Ready, agent.Status);
        Assert.DoesNotContain(agent.Conditions, condition => condition.Type == AgentConditionType.UnsignedAgent);
        await AssertBrokerHasNotAsync("secret");
    }

    private Task<OsapiNode> StartAsync(bool allowsUnsigned) => OsapiNode.StartAsync(
        new()
        {
            StateDirectory = directory,
            Nats = new() { Urls = [server.Url] },
            Trust = new() { AllowsUnsigned = allowsUnsigned },
            Agent = new() { Hostname = "web-01" },
        },
        Token);
}
