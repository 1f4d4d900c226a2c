using System.Net;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of cancelling a job.</summary>
public sealed class CancelTests() : ControllerTest(new AgentSetup("web-01"))
{
    [Theory]
    [InlineData("web-01")]
    [InlineData("_any")]
    [InlineData("_all")]
    public async Task A_job_that_was_not_started_ends_at_once_and_never_starts(string target)
    {
        var id = await fixture.SubmitAsync(target);

        var answer = (await fixture.PostAsync($"/job/{id}/cancel")).Assert2xx(HttpStatusCode.Accepted);

        Assert.Equal("cancelled", answer.Json.GetProperty("status").GetString());
        Assert.True(answer.Json.GetProperty("cancelled").GetBoolean());
        Assert.Null(await agent.StartAsync(id, any: target == "_any"));
    }

    [Theory]
    [InlineData("web-01")]
    [InlineData("_any")]
    public async Task A_host_that_has_started_gets_the_cancel_and_its_report_is_awaited(string target)
    {
        var any = target == "_any";
        var id = await fixture.SubmitAsync(target);
        var start = await agent.StartAsync(id, any);

        var cancel = fixture.PostAsync($"/job/{id}/cancel");
        Assert.Equal(id, (await agent.CommandAsync(CommandKind.Cancel)).JobId.ToString());
        await agent.EndAsync(id, start!.Value, agent.Failed(ErrorType.Cancelled, "killed") with { Outcome = Outcome.Cancelled }, any);

        var answer = (await cancel).Assert2xx(HttpStatusCode.Accepted);
        Assert.Equal("cancelled", answer.Json.GetProperty("status").GetString());
        Assert.Equal("killed", answer.Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_caller_who_waits_for_the_job_gets_the_outcome_cancelled()
    {
        var call = fixture.GetAsync("/node/web-01/hostname");
        var id = await fixture.WaitForJobAsync();

        await fixture.PostAsync($"/job/{id}/cancel");

        Assert.Equal(["web-01 cancelled"], (await call).AssertProblem(HttpStatusCode.InternalServerError, "cancelled before it started").Outcomes);
    }

    [Fact]
    public async Task A_host_that_does_not_react_is_waited_for_15_seconds_only()
    {
        var id = await fixture.SubmitAsync("web-01", "?start_within=3600");
        await agent.StartAsync(id);
        var cancel = fixture.PostAsync($"/job/{id}/cancel");
        await agent.CommandAsync(CommandKind.Cancel);
        await fixture.WaitForWaitersAsync();

        fixture.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("processing", (await cancel).Assert2xx(HttpStatusCode.Accepted).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_broadcast_is_cancelled_where_it_has_not_started_and_stopped_where_it_has()
    {
        await fixture.AgentAsync("web-02");
        var done = await fixture.AgentAsync("web-03");
        var id = await fixture.SubmitAsync("_all");
        var start = await agent.StartAsync(id);
        await done.RunAsync(id, done.Ok());

        var cancel = fixture.PostAsync($"/job/{id}/cancel");
        await agent.CommandAsync(CommandKind.Cancel);
        await agent.EndAsync(id, start!.Value, agent.Failed(ErrorType.Cancelled, "killed") with { Outcome = Outcome.Cancelled });

        var responses = (await cancel).Assert2xx(HttpStatusCode.Accepted).Json.GetProperty("responses");
        Assert.Equal("cancelled", responses.GetProperty("web-01").GetProperty("outcome").GetString());
        Assert.Equal("cancelled", responses.GetProperty("web-02").GetProperty("outcome").GetString());
        Assert.Equal("ok", responses.GetProperty("web-03").GetProperty("outcome").GetString());
        Assert.Null(await fixture.Transport.LastAsync(StreamName.Commands, Subjects.Command("web-02", JobId.Parse(id)), fixture.TestTimeout) is { } last && JobJson.Command(last.Payload).Kind == CommandKind.Cancel ? last : null);
    }

    [Fact]
    public async Task An_ended_job_stays_unchanged()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(id, agent.Ok());
        var before = await fixture.WaitForEndAsync(id);

        var answer = (await fixture.PostAsync($"/job/{id}/cancel", "{}")).Assert2xx(HttpStatusCode.Accepted);

        Assert.Contains("\"cancelled\":false,", answer.Body, StringComparison.Ordinal);
        Assert.Equal(before.Body, answer.Body.Replace("\"cancelled\":false,", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_that_does_not_exist_cannot_be_cancelled()
    {
        var id = Guid.NewGuid();

        (await fixture.AdvanceUntilAsync(fixture.PostAsync($"/job/{id}/cancel"), TimeSpan.FromSeconds(1))).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
    }

    [Fact]
    public async Task A_call_that_becomes_a_job_only_after_its_cancel_is_still_cancelled()
    {
        var id = $"{Guid.NewGuid()}";
        var cancel = fixture.PostAsync($"/job/{id}/cancel");
        await fixture.WaitForExpectedAsync(id);

        await fixture.SubmitAsync("web-01", key: id);

        Assert.Equal("cancelled", (await cancel).Assert2xx(HttpStatusCode.Accepted).Json.GetProperty("status").GetString());
        Assert.Null(await agent.StartAsync(id));
    }
}
