using System.Net;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of retrying a job.</summary>
public sealed class RetryTests() : ControllerTest(new AgentSetup("web-01", Group: "web"))
{
    [Theory]
    [InlineData("web-01")]
    [InlineData("_any")]
    [InlineData("_all")]
    [InlineData("group:web")]
    public async Task A_retry_has_the_same_request_and_target(string target)
    {
        var id = await FailedAsync(target);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));

        var answer = (await fixture.PostAsync($"/job/{id}/retry")).Assert2xx(HttpStatusCode.Created);

        Assert.NotEqual(id, answer.JobId);
        Assert.Equal($"/job/{answer.JobId}", answer.Message.Headers.Location!.ToString());
        Assert.Equal(("created", id, "2026-11-01T12:00:01+00:00"), (Text(answer, "status"), Text(answer, "retry_of"), Text(answer, "timestamp")));
        var record = (await fixture.Transport.LastAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(answer.JobId)), fixture.TestTimeout))!;
        Assert.Equal(record.Sequence, answer.Json.GetProperty("revision").GetInt64());
        Assert.True(await agent.RunAsync(answer.JobId, agent.Ok(), any: target == "_any"));
        var again = await fixture.WaitForEndAsync(answer.JobId);
        Assert.Equal(("completed", target, id), (Text(again, "status"), Text(again, "target"), Text(again, "retry_of")));
        Assert.Equal($"Submitted for {target}, to retry {id}", again.Json.GetProperty("timeline")[0].GetProperty("message").GetString());
        Assert.Equal([answer.JobId], Retries(await fixture.GetAsync($"/job/{id}")));
    }

    [Fact]
    public async Task Everything_about_the_call_is_as_it_was()
    {
        var id = await fixture.SubmitAsync("web-01", "?check=true&start_within=77");
        await agent.RunAsync(id, agent.Ok());
        await fixture.WaitForEndAsync(id);

        var answer = await fixture.PostAsync($"/job/{id}/retry");

        var (first, again) = (await RecordAsync(id), await RecordAsync(answer.JobId));
        Assert.Equal((first.Operation, first.Check, 77.0, first.Timeout), (again.Operation, again.Check, again.StartWithin, again.Timeout));
        Assert.Equal(first.Request.ToArray(), again.Request.ToArray());
    }

    [Fact]
    public async Task The_target_names_the_hosts_that_are_there_now()
    {
        var id = await FailedAsync("group:web");
        await fixture.AgentAsync("web-02", ("group", "web.dev"));

        var answer = await fixture.PostAsync($"/job/{id}/retry");

        Assert.Equal(["web-01", "web-02"], (await RecordAsync(answer.JobId)).Hosts);
    }

    [Fact]
    public async Task Another_target_can_be_given()
    {
        await fixture.AgentAsync("web-02");
        var id = await FailedAsync("web-01");

        var answer = (await fixture.PostAsync($"/job/{id}/retry", """{"target_hostname":"web-02"}""")).Assert2xx(HttpStatusCode.Created);

        Assert.Equal(("web-02", id), ((await RecordAsync(answer.JobId)).Target, (await RecordAsync(answer.JobId)).RetryOf?.ToString()));
    }

    [Theory]
    [InlineData("""{"target_hostname":"web-03"}""", "target web-03 is not a registered host; did you mean 'web-01'?")]
    [InlineData("""{"target_hostname":"no such"}""", "target 'no such' is not a host name: letters, digits, '.', '-' and '_', at most 253, beginning and ending with a letter or digit")]
    [InlineData("""{"target_hostname":""}""", "target_hostname must not be empty")]
    [InlineData("""{"target":"web-01"}""", "target is unknown")]
    public async Task Invalid_targets_are_refused(string body, string error)
    {
        var id = await FailedAsync("web-01");

        (await fixture.PostAsync($"/job/{id}/retry", body)).AssertProblem(HttpStatusCode.BadRequest, error);
    }

    [Fact]
    public async Task A_job_that_is_not_over_is_a_conflict()
    {
        var id = await fixture.SubmitAsync("web-01");

        (await fixture.PostAsync($"/job/{id}/retry")).AssertProblem(HttpStatusCode.Conflict, $"job {id} has not ended; cancel it first, or wait");
    }

    [Fact]
    public async Task A_job_that_does_not_exist_is_a_404()
    {
        var id = Guid.NewGuid();

        (await fixture.PostAsync($"/job/{id}/retry")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
    }

    [Fact]
    public async Task A_caller_who_may_retry_but_not_run_the_operation_is_refused()
    {
        var id = await FailedAsync("web-01");

        (await fixture.SendAsync("POST", $"/job/{id}/retry", token: fixture.Token([], "job:write")))
            .AssertProblem(HttpStatusCode.Forbidden, "insufficient permissions: node:read is required to retry node.hostname.get");

        Assert.Equal(HttpStatusCode.Created, (await fixture.SendAsync("POST", $"/job/{id}/retry", token: fixture.Token([], "job:write", "node:read"))).Status);
    }

    [Fact]
    public async Task The_same_key_is_the_same_retry()
    {
        var (id, key) = (await FailedAsync("web-01"), $"{Guid.NewGuid()}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => fixture.SendAsync("POST", $"/job/{id}/retry", key: key)));

        Assert.All(answers, answer => Assert.Equal(key, answer.Assert2xx(HttpStatusCode.Created).JobId));
        Assert.Equal([key], Retries(await fixture.GetAsync($"/job/{id}")));
        // Another call with that id is another request, even with the same content for the same host.
        Assert.Equal(HttpStatusCode.Conflict, (await fixture.SendAsync("GET", "/node/web-01/hostname", key: key)).Status);
    }

    [Fact]
    public async Task An_operation_that_this_controller_does_not_know_is_not_retried()
    {
        JobRecord record = new()
        {
            Id = JobId.Parse($"{Guid.NewGuid()}"),
            Operation = "magnet.turn.execute",
            Request = JobRecord.NoRequest,
            Target = "web-01",
            Hosts = ["web-01"],
            Created = fixture.Transport.ServerNow,
            StartWithin = 10,
            Timeout = 30,
        };
        await fixture.Transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(record.Id), JobJson.Bytes(record))], fixture.TestTimeout);
        await agent.RunAsync(record.Id.ToString(), agent.Ok());
        await fixture.CatchUpAsync();

        (await fixture.PostAsync($"/job/{record.Id}/retry")).AssertProblem(HttpStatusCode.BadRequest, "this controller does not know the operation magnet.turn.execute");
    }

    private async Task<string> FailedAsync(string target)
    {
        var id = await fixture.SubmitAsync(target);
        await agent.RunAsync(id, agent.Failed(ErrorType.Failed, "x"), any: target == "_any");
        await fixture.WaitForEndAsync(id);
        return id;
    }

    private async Task<JobRecord> RecordAsync(string id) => JobJson.Record((await fixture.Transport.LastAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(id)), fixture.TestTimeout))!.Payload);

    private static string? Text(Answer answer, string member) => answer.Json.GetProperty(member).GetString();

    private static IEnumerable<string?> Retries(Answer job) => job.Json.GetProperty("retries").EnumerateArray().Select(id => id.GetString());
}
