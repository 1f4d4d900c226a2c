using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of the response to a call on hosts.</summary>
public sealed class AnswerTests : ControllerTest
{
    [Fact]
    public async Task The_hostname_of_any_host_comes_in_the_envelope_with_its_outcome()
    {
        var agent = await fixture.AgentAsync("web-01");
        agent.Answers(_ => agent.Ok("""{"os_hostname":"my-linux-server","labels":{"group":"web.dev.us-east"}}"""));

        var answer = (await fixture.GetAsync("/node/_any/hostname")).Assert2xx();

        Assert.Equal(
            """{"job_id":"JOB","results":[{"hostname":"web-01","outcome":"ok","status":"ok","changed":false,"os_hostname":"my-linux-server","labels":{"group":"web.dev.us-east"}}]}""",
            answer.Body.Replace(answer.JobId, "JOB", StringComparison.Ordinal));
        Assert.Equal($"/job/{answer.JobId}", answer.Message.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Every_operation_on_hosts_answers_what_the_host_answered()
    {
        var agent = await fixture.AgentAsync("web-01");
        agent.Answers(command => agent.Ok(Example(command.Operation!)));

        foreach (var operation in OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host))
        {
            var answer = (await fixture.SendAsync(operation.Route.Method, Calls.PathAndQuery(operation, "web-01"), Calls.Body(operation))).Assert2xx((HttpStatusCode)operation.SuccessStatus);

            var entry = JsonNode.Parse(answer.Body)!["results"]![0]!.AsObject();
            Assert.True(entry.Remove("hostname") && entry.Remove("outcome") && entry.Remove("changed") && (operation.ResultHasStatus || entry.Remove("status")));
            var expected = JsonNode.Parse(Example(operation.Id))!.AsObject();
            expected.Remove("changed");
            Assert.True(JsonNode.DeepEquals(expected, entry), entry.ToJsonString());
        }

        static string Example(string id) => OperationCatalog.Default.TryFind(id, out var operation)
            ? JsonSerializer.Serialize(operation.ExamplePair.Result, operation.ResultInfo)
            : throw new InvalidOperationException(id);
    }

    [Theory]
    [InlineData(ErrorType.Invalid, HttpStatusCode.BadRequest)]
    [InlineData(ErrorType.NotFound, HttpStatusCode.NotFound)]
    [InlineData(ErrorType.Conflict, HttpStatusCode.Conflict)]
    [InlineData(ErrorType.Unavailable, HttpStatusCode.ServiceUnavailable)]
    [InlineData(ErrorType.Expired, HttpStatusCode.GatewayTimeout)]
    [InlineData(ErrorType.Failed, HttpStatusCode.InternalServerError)]
    [InlineData(ErrorType.Timeout, HttpStatusCode.InternalServerError)]
    [InlineData(ErrorType.Cancelled, HttpStatusCode.InternalServerError)]
    [InlineData(ErrorType.Unknown, HttpStatusCode.InternalServerError)]
    [InlineData(ErrorType.Unsupported, HttpStatusCode.InternalServerError)]
    public async Task An_error_of_a_single_host_decides_the_status_and_the_problem_carries_the_job_and_its_results(ErrorType type, HttpStatusCode status)
    {
        var agent = await fixture.AgentAsync("web-01");
        agent.Answers(_ => agent.Failed(type, "it would not"));

        foreach (var target in (string[])["_any", "web-01"])
        {
            var answer = (await fixture.GetAsync($"/node/{target}/hostname")).AssertProblem(status, "it would not");

            Assert.Equal(["web-01 failed"], answer.Outcomes);
            Assert.Equal("failed", await fixture.StatusOfAsync(answer.JobId));
        }
    }

    [Fact]
    public async Task An_entry_with_a_result_is_a_success_of_the_call_whatever_its_outcome()
    {
        var agent = await fixture.AgentAsync("web-01");
        agent.Answers(_ => agent.Failed(ErrorType.Failed, "exit code 3") with { Result = JsonElement.Parse("""{"os_hostname":"half"}""") });

        var answer = (await fixture.GetAsync("/node/web-01/hostname")).Assert2xx();

        Assert.Equal(["web-01 failed"], answer.Outcomes);
        Assert.Equal("half", answer.Json.GetProperty("results")[0].GetProperty("os_hostname").GetString());
    }

    [Fact]
    public async Task A_broadcast_has_one_entry_for_each_expected_host_whatever_became_of_it()
    {
        var good = await fixture.AgentAsync("a-good");
        var bad = await fixture.AgentAsync("b-bad");
        await fixture.AgentAsync("c-silent");
        var lost = await fixture.AgentAsync("d-lost");
        good.AnswersOk();
        bad.Answers(_ => bad.Failed(ErrorType.Failed, "broken"));

        var call = fixture.GetAsync("/node/_all/hostname");
        var id = (await lost.CommandAsync(Osapi.Transport.Jobs.CommandKind.Run)).JobId;
        await lost.StartAsync(id.ToString());
        await lost.RestartAsync("session-2");
        await fixture.WaitForStatesAsync(id.ToString(), 3);
        fixture.Time.Advance(TimeSpan.FromSeconds(11));
        var answer = (await call).Assert2xx();

        Assert.Equal(["a-good ok", "b-bad failed", "c-silent expired", "d-lost unknown"], answer.Outcomes);
        Assert.Equal("partial_failure", await fixture.StatusOfAsync(id.ToString()));
    }

    [Fact]
    public async Task A_label_names_the_hosts_below_it_and_no_others()
    {
        foreach (var (name, group) in ((string, string)[])[("web-1", "web"), ("web-2", "web.dev"), ("web-3", "web.dev.eu"), ("webby", "webby"), ("db", "db")])
            (await fixture.AgentAsync(name, ("group", group))).AnswersOk();

        Assert.Equal(["web-1 ok", "web-2 ok", "web-3 ok"], (await fixture.GetAsync("/node/group:web/hostname")).Assert2xx().Outcomes);
        Assert.Equal(["web-2 ok", "web-3 ok"], (await fixture.GetAsync("/node/group:web.dev/hostname")).Assert2xx().Outcomes);
    }

    [Fact]
    public async Task A_broadcast_without_a_success_still_returns_202()
    {
        var agent = await fixture.AgentAsync("web-01", ("group", "web"));
        agent.Answers(_ => agent.Failed(ErrorType.NotFound, "gone"));

        Assert.Equal(["web-01 failed"], (await fixture.GetAsync("/node/_all/hostname")).Assert2xx().Outcomes);
        Assert.Equal(["web-01 failed"], (await fixture.GetAsync("/node/group:web/hostname")).Assert2xx().Outcomes);
    }

    [Fact]
    public async Task A_host_is_found_whatever_the_case_of_its_name()
    {
        (await fixture.AgentAsync("Web-01")).AnswersOk();

        Assert.Equal(["Web-01 ok"], (await fixture.GetAsync("/node/wEB-01/hostname")).Assert2xx().Outcomes);
    }

    [Fact]
    public async Task A_host_that_does_not_start_in_time_is_a_504_that_names_the_job()
    {
        await fixture.AgentAsync("web-01");

        foreach (var (target, error) in ((string, string)[])[("web-01", "not started within 5 s"), ("_any", "no host started it within 5 s")])
        {
            var call = fixture.GetAsync($"/node/{target}/hostname?start_within=5");
            await fixture.WaitForJobAsync();
            fixture.Time.Advance(TimeSpan.FromSeconds(5));
            var answer = (await call).AssertProblem(HttpStatusCode.GatewayTimeout, error);

            Assert.Equal("failed", await fixture.StatusOfAsync(answer.JobId));
        }
    }

    [Fact]
    public async Task When_the_bound_passes_the_answer_has_the_outcome_running_and_the_job_continues()
    {
        var agent = await fixture.AgentAsync("web-01");
        var call = fixture.GetAsync("/node/web-01/hostname");
        var id = await fixture.WaitForJobAsync();
        var start = await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);
        await fixture.WaitForWaitersAsync();

        // Alive all the time, only slow: start within 10, run for 30, 15 to report.
        for (var i = 0; i < 11; i++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(5));
            await agent.SendHeartbeatAsync();
            await fixture.WaitForHeartbeatAsync("web-01");
        }

        var answer = (await call).Assert2xx();
        Assert.Equal(["web-01 running"], answer.Outcomes);
        Assert.Equal("processing", await fixture.StatusOfAsync(id));
        Assert.True(await agent.EndAsync(id, start!.Value, agent.Ok()));
        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_dropped_connection_does_not_stop_the_job()
    {
        var agent = await fixture.AgentAsync("web-01");
        using CancellationTokenSource drop = new();
        var call = fixture.SendAsync("GET", "/node/web-01/hostname", cancellationToken: drop.Token);
        var id = await fixture.WaitForJobAsync();
        var start = await agent.StartAsync(id);

        await drop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(await agent.EndAsync(id, start!.Value, agent.Ok()));

        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_large_result_comes_whole()
    {
        var agent = await fixture.AgentAsync("web-01");
        var name = new string('x', 3_000_000);
        agent.Answers(_ => agent.Ok($$"""{"os_hostname":"{{name}}"}"""));

        var answer = (await fixture.GetAsync("/node/_any/hostname")).Assert2xx();
        var job = await fixture.WaitForEndAsync(answer.JobId);

        Assert.Equal(name, answer.Json.GetProperty("results")[0].GetProperty("os_hostname").GetString());
        Assert.Equal(name, job.Json.GetProperty("result").GetProperty("os_hostname").GetString());
    }

    [Theory]
    [InlineData("respond-async")]
    [InlineData("Respond-Async, wait=5")]
    [InlineData("handling=lenient; respond-async")]
    public async Task A_caller_that_does_not_wait_gets_the_location_of_the_job(string prefer)
    {
        await fixture.AgentAsync("web-01");

        var answer = (await fixture.SendAsync("GET", "/node/_any/hostname", prefer: prefer)).Assert2xx(HttpStatusCode.Accepted);

        Assert.Equal(["_any running"], answer.Outcomes);
        Assert.Equal("respond-async", answer.Message.Headers.GetValues("Preference-Applied").Single());
        var job = (await fixture.GetAsync(answer.Message.Headers.Location!.ToString())).Assert2xx();
        Assert.Equal((answer.JobId, "submitted"), (job.Json.GetProperty("id").GetString(), job.Json.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_stopping_controller_answers_waiting_callers_with_running()
    {
        var agent = await fixture.AgentAsync("web-01");
        var call = fixture.GetAsync("/node/web-01/hostname");
        var id = await fixture.WaitForJobAsync();
        await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);
        await fixture.WaitForWaitersAsync();

        var stop = fixture.Controller.DisposeAsync().AsTask();
        await fixture.StoppingAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["web-01 running"], (await call).Assert2xx().Outcomes);
        await stop;
    }
}
