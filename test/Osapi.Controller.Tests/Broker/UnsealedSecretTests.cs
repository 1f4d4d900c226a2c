using Osapi.Client;
using Osapi.Operations;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Broker;

/// <summary>Tests of secrets for hosts without a key, while unsigned messages are allowed.</summary>
public sealed class UnsealedSecretTests : TrustedBrokerTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_are_refused_unless_the_setting_allows_them(bool isAllowed)
    {
        var client = await StartAsync(isAllowed);

        foreach (var (target, reason) in ((string, string)[])[("old-01", "old-01 cannot open them without a key"), ("_all", "old-01 cannot open them without a key"), ("_any", "a host without a key may take the job")])
        {
            if (isAllowed)
            {
                Assert.True((await CallAsync(target)).AllSucceeded);
                continue;
            }

            var refused = await Assert.ThrowsAnyAsync<ApiException>(() => CallAsync(target));
            Assert.Equal((409, $"the request has secrets, and {reason}: enroll all hosts, or set trust.unsealed_secrets to allow on the controllers"), (refused.StatusCode, refused.Message));
        }

        Assert.True((await CallAsync("web-01")).AllSucceeded);
        // What has no secrets is sent as before.
        Assert.True((await client.Command.ExecAsync("_all", new() { Command = "true" }, cancellationToken: Token)).AllSucceeded);

        Task<JobReply<Osapi.Operations.Command.CommandResult>> CallAsync(string target) => client.Command.ExecAsync(target, new() { Command = "cat", Stdin = "secret" }, cancellationToken: Token);
    }

    private async Task<OsapiClient> StartAsync(bool isAllowed)
    {
        await trust.AgentTransportAsync("web-01");
        trust.Hosts.HasHostsWithoutKey = true;
        var transport = parts.Keep(TrustedTransport.ForController(await trust.ConnectAsync(), new(trust.Keys), trust.Hosts, new() { AllowsUnsigned = true }, new(trust.Logs.CreateLogger("trust"), TimeProvider.System)));
        var controller = await parts.StartControllerAsync(transport, "controller", with: options => options with { AllowUnsealedSecrets = isAllowed });
        // One of version 0.1 reads the queue as well, so the one with a key takes unsigned jobs.
        await parts.StartAgentAsync(await trust.AgentTransportAsync("web-01", allowsUnsigned: true), new() { Hostname = "web-01" }, "web-01");
        await parts.StartAgentAsync(await trust.ConnectAsync(), new() { Hostname = "old-01" }, "old-01");
        await UntilReadyAsync(controller.Client, 2);
        return controller.Client;
    }
}
