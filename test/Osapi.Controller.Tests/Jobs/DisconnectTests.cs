using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of a caller that disconnects before the response.</summary>
public sealed class DisconnectTests() : ControllerTest(new AgentSetup("web-01"))
{
    [Theory]
    [InlineData("")]
    [InlineData("?cancel_on_disconnect=false")]
    public async Task Its_job_continues(string query)
    {
        var (id, start) = await AbandonedAsync(query);

        Assert.True(await agent.EndAsync(id, start, agent.Ok()));
        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
        Assert.Equal(CommandKind.Run, JobJson.Command((await fixture.Transport.LastAsync(Osapi.Transport.StreamName.Commands, Subjects.Command(agent.Key, JobId.Parse(id)), fixture.TestTimeout))!.Payload).Kind);
    }

    [Fact]
    public async Task Its_job_is_cancelled_when_the_call_asked_for_that()
    {
        var (id, start) = await AbandonedAsync("?cancel_on_disconnect=true");

        Assert.Equal(id, (await agent.CommandAsync(CommandKind.Cancel)).JobId.ToString());
        await agent.EndAsync(id, start, agent.Failed(ErrorType.Cancelled, "killed") with { Outcome = Outcome.Cancelled });
        Assert.Equal("cancelled", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_controller_that_stops_cancels_nothing()
    {
        var call = fixture.GetAsync("/node/web-01/hostname?cancel_on_disconnect=true");
        var id = await fixture.WaitForJobAsync();
        var start = await agent.StartAsync(id);
        await fixture.WaitForWaitersAsync();
        var stopping = fixture.StoppingAsync();
        var stop = fixture.StopAsync();
        await stopping;
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<Exception>(async () => (await call).AssertProblem(0, ""));
        await stop;
        await fixture.StartAsync();

        Assert.Equal("processing", await fixture.StatusOfAsync(id));
        Assert.True(await agent.EndAsync(id, start!.Value, agent.Ok()));
    }

    [Fact]
    public async Task Values_other_than_true_and_false_are_refused() =>
        (await fixture.GetAsync("/node/web-01/hostname?cancel_on_disconnect=maybe")).AssertProblem(System.Net.HttpStatusCode.BadRequest, "cancel_on_disconnect must be true or false");

    private async Task<(string Id, long Start)> AbandonedAsync(string query)
    {
        using CancellationTokenSource gone = new();
        var call = fixture.SendAsync("GET", "/node/web-01/hostname" + query, cancellationToken: gone.Token);
        var id = await fixture.WaitForJobAsync();
        var start = await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);
        await fixture.WaitForWaitersAsync();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await fixture.WaitForNoWaitersAsync();
        return (id, start!.Value);
    }
}
