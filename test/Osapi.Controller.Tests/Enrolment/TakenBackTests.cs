using System.Diagnostics;
using System.Net;
using Osapi.Client;
using Osapi.Controller.Auth;
using Osapi.Operations;
using Osapi.Operations.Agents;

namespace Osapi.Controller.Tests.Enrolment;

/// <summary>Tests of all that can be taken back, on a real broker with two controllers, one of which is restarted in between.</summary>
public sealed class TakenBackTests : IAsyncLifetime
{
    // A second is promised; the other one is for a busy machine.
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    private EnrolmentFleet fleet = null!;
    private RunningController first = null!;
    private RunningController second = null!;

    public async ValueTask InitializeAsync()
    {
        fleet = await EnrolmentFleet.StartAsync();
        first = await fleet.ControllerAsync("c1");
        Directory.CreateDirectory(fleet.StateOf("c2"));
        File.Copy(KeyOf("c1"), KeyOf("c2"));
        second = await fleet.ControllerAsync("c2");
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Fact]
    public async Task A_revoked_token_is_refused_by_both_controllers_also_after_a_restart()
    {
        var lost = AdminToken.Of(fleet.StateOf("c1"), "ann");
        await AssertAsync(lost, HttpStatusCode.OK);

        await first.Client.Token.RevokeAsync(new() { Subject = "ann" }, cancellationToken: fleet.Token);
        await WithinAsync("the token", async () => await StatusAsync(first, lost) == HttpStatusCode.Unauthorized && await StatusAsync(second, lost) == HttpStatusCode.Unauthorized);

        await RestartAsync();
        await AssertAsync(lost, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_of_a_replaced_key_is_refused_by_both_controllers_also_after_a_restart()
    {
        var lost = AdminToken.Of(fleet.StateOf("c1"), "ann");
        await AssertAsync(lost, HttpStatusCode.OK);

        SigningKey.LoadOrCreate(KeyOf("next"));
        foreach (var name in (string[])["c1", "c2"])
        {
            File.Copy(KeyOf("next"), KeyOf(name) + ".new");
            File.Move(KeyOf(name) + ".new", KeyOf(name), overwrite: true);
        }

        await WithinAsync("the key", async () => await StatusAsync(first, lost) == HttpStatusCode.Unauthorized && await StatusAsync(second, lost) == HttpStatusCode.Unauthorized);
        await AssertAsync(AdminToken.Of(fleet.StateOf("c1"), "ann"), HttpStatusCode.OK);

        await RestartAsync();
        await AssertAsync(lost, HttpStatusCode.Unauthorized);
        await AssertAsync(AdminToken.Of(fleet.StateOf("c2"), "ann"), HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_removed_agent_gets_no_work_of_either_controller_also_after_a_restart()
    {
        await fleet.EnrollAsync("web-01", new() { JoinToken = await fleet.TokenAsync(first, new() { Name = "web-*" }) });
        await fleet.AgentAsync("web-01");
        foreach (var controller in (RunningController[])[first, second])
            await fleet.UntilAsync(async () => (await controller.Client.Agent.ListAsync(cancellationToken: fleet.Token)).Agents is [{ Status: AgentStatus.Ready, State: not AgentState.Pending }]);

        await first.Client.Agent.RemoveAsync("web-01", force: true, cancellationToken: fleet.Token);
        await WithinAsync("the agent", async () => await IsRefusedAsync(first) && await IsRefusedAsync(second));

        await RestartAsync();
        await fleet.UntilAsync(async () => (await second.Client.Agent.ListAsync(cancellationToken: fleet.Token)).Total == 1);
        Assert.True(await IsRefusedAsync(second));
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningController controller, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/job") { Headers = { Authorization = new("Bearer", token) } };
        using var response = await controller.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    // The agent still runs, and asks to be enrolled again.
    private static async Task<bool> IsRefusedAsync(RunningController controller)
    {
        try
        {
            var reply = await controller.Client.Node.HostnameAsync("web-01", cancellationToken: TestContext.Current.CancellationToken);
            return reply.Hosts is [{ Outcome: Outcome.Skipped, Error: "the host is Pending: it is not enrolled" }];
        }
        catch (ValidationException exception)
        {
            // It has not asked yet.
            return exception.Message == "target web-01 matches no host: no agent is registered";
        }
    }

    private static async Task WithinAsync(string name, Func<Task<bool>> isRefused)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isRefused())
            Assert.True(Stopwatch.GetElapsedTime(began) < Promise, $"{name} was believed for more than {Promise.TotalSeconds} s");
        TestContext.Current.TestOutputHelper?.WriteLine($"{name} was refused by both after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
    }

    private string KeyOf(string name) => Path.Combine(fleet.StateOf(name), SigningKey.FileName);

    private async Task AssertAsync(string token, HttpStatusCode status) => Assert.Equal((status, status), (await StatusAsync(first, token), await StatusAsync(second, token)));

    private async Task RestartAsync()
    {
        await fleet.StopAsync(second);
        second = await fleet.ControllerAsync("c2");
    }
}
