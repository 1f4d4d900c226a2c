using System.Net;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests that a repeated call gets the same job.</summary>
public sealed class IdempotencyTests() : ControllerTest(new AgentSetup("web-01", Group: "web"))
{
    private readonly string key = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_job_is_in_the_log_with_its_command_and_can_be_read_before_its_caller_gets_a_response()
    {
        var id = await fixture.SubmitAsync("web-01", key: key);

        var record = await fixture.Transport.LastAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(id)), fixture.TestTimeout);
        var command = await fixture.Transport.LastAsync(StreamName.Commands, Subjects.Command(agent.Key, JobId.Parse(id)), fixture.TestTimeout);
        Assert.Equal((key, "node.hostname.get", "web-01"), (JobJson.Record(record!.Payload).Id.ToString(), JobJson.Record(record.Payload).Operation, JobJson.Record(record.Payload).Target));
        Assert.Equal((key, "node.hostname.get", 10.0), (JobJson.Command(command!.Payload).JobId.ToString(), JobJson.Command(command.Payload).Operation, JobJson.Command(command.Payload).StartWithin));
        Assert.Equal("submitted", await fixture.StatusOfAsync(id));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?check=false", false)]
    [InlineData("?check=true&start_within=5", true)]
    [InlineData("?CHECK=True", true)]
    public async Task The_check_flag_reaches_the_host(string query, bool check)
    {
        var id = await fixture.SubmitAsync("web-01", query);

        var command = await agent.CommandAsync(CommandKind.Run);
        Assert.Equal((id, check), (command.JobId.ToString(), command.Check));
        (await fixture.SendAsync("GET", $"/node/web-01/hostname?check={!check}", key: id)).AssertProblem(HttpStatusCode.Conflict, $"job {id} already exists with a different request");
    }

    [Fact]
    public async Task The_same_key_and_request_are_the_same_job_while_it_waits_while_it_runs_and_after_its_end()
    {
        Assert.Equal(key, await fixture.SubmitAsync("web-01", key: key));
        Assert.Equal(key, await fixture.SubmitAsync("web-01", key: $"\"{key.ToUpperInvariant()}\""));
        var start = await agent.StartAsync(key);
        Assert.Equal(key, await fixture.SubmitAsync("web-01", key: key));
        await agent.EndAsync(key, start!.Value, agent.Ok());
        var first = await fixture.SendAsync("GET", "/node/web-01/hostname", key: key);
        await fixture.WaitForEndAsync(key);
        var second = await fixture.SendAsync("GET", "/node/web-01/hostname", key: key);

        Assert.Equal(["web-01 ok"], first.Assert2xx().Outcomes);
        Assert.Equal(first.Body, second.Assert2xx().Body);
        await AssertOneJobAsync();
    }

    [Fact]
    public async Task The_same_key_is_the_same_job_after_a_restart_also_when_its_host_is_gone()
    {
        await fixture.SubmitAsync("web-01", key: key);
        await agent.RunAsync(key, agent.Ok());
        await fixture.WaitForEndAsync(key);

        await fixture.Transport.Hosts.DeleteAsync(agent.Key, fixture.TestTimeout);
        await fixture.StopAsync();
        await fixture.StartAsync();

        Assert.Equal(["web-01 ok"], (await fixture.SendAsync("GET", "/node/web-01/hostname", key: key)).Assert2xx().Outcomes);
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.GetAsync("/node/web-01/hostname")).Status);
    }

    [Fact]
    public async Task The_same_key_with_another_request_is_a_conflict_before_and_after_the_end()
    {
        await fixture.SubmitAsync("web-01", key: key);
        await AssertConflictsAsync();
        await agent.RunAsync(key, agent.Ok());
        await fixture.WaitForEndAsync(key);
        await AssertConflictsAsync();
        await AssertOneJobAsync();

        async Task AssertConflictsAsync()
        {
            foreach (var path in (string[])["/node/_any/hostname", "/node/group:web/hostname", "/node/web-01/uptime"])
                (await fixture.SendAsync("GET", path, key: key)).AssertProblem(HttpStatusCode.Conflict, $"job {key} already exists with a different request");
        }
    }

    [Fact]
    public async Task Fifty_callers_at_once_with_the_same_key_share_one_job()
    {
        agent.AnswersOk();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => fixture.SendAsync("GET", "/node/_any/hostname", key: key)));

        Assert.All(answers, answer => Assert.Equal(["web-01 ok"], answer.Assert2xx().Outcomes));
        Assert.All(answers, answer => Assert.Equal(key, answer.JobId));
        await AssertOneJobAsync();
    }

    [Fact]
    public async Task Of_concurrent_callers_with_the_same_key_and_different_requests_one_wins_and_the_others_get_a_conflict()
    {
        agent.AnswersOk();
        (await fixture.AgentAsync("web-02")).AnswersOk();

        for (var round = 0; round < 20; round++)
        {
            var shared = Guid.NewGuid().ToString();
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i => (Host: $"web-0{(i % 2) + 1}", Answer: await fixture.SendAsync("GET", $"/node/web-0{(i % 2) + 1}/hostname", key: shared))));

            var winner = JobJson.Record((await fixture.Transport.LastAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(shared)), fixture.TestTimeout))!.Payload).Target;
            foreach (var (host, answer) in answers)
                if (host == winner)
                    Assert.Equal([$"{winner} ok"], answer.Assert2xx().Outcomes);
                else
                    answer.AssertProblem(HttpStatusCode.Conflict, $"job {shared} already exists with a different request");
        }
    }

    [Fact]
    public async Task A_job_whose_record_another_controller_wrote_is_the_same_job()
    {
        JobRecord record = new()
        {
            Id = JobId.Parse(key),
            Operation = "node.hostname.get",
            Request = JobRecord.NoRequest,
            Target = "web-01",
            Hosts = ["web-01"],
            Created = fixture.Transport.ServerNow,
            StartWithin = 10,
            Timeout = 30,
        };
        await fixture.Transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(JobId.Parse(key)), JobJson.Bytes(record), ExpectedLast: 0)], fixture.TestTimeout);
        await agent.RunAsync(key, agent.Ok());

        Assert.Equal(["web-01 ok"], (await fixture.SendAsync("GET", "/node/web-01/hostname", key: key)).Assert2xx().Outcomes);
        Assert.Equal(HttpStatusCode.Conflict, (await fixture.SendAsync("GET", "/node/_all/hostname", key: key)).Status);
    }

    [Fact]
    public async Task A_call_that_the_store_did_not_take_is_refused_and_its_repetition_becomes_the_job()
    {
        BrokenTransport broken = null!;
        await using var shaky = await ControllerFixture.OpenAsync(around: store => broken = new(store));
        var host = await shaky.AgentAsync("web-01");

        broken.Refuse = message => message.Subject == Subjects.Record(JobId.Parse(key));
        (await shaky.SendAsync("GET", "/node/web-01/hostname", key: key)).AssertProblem(
            HttpStatusCode.ServiceUnavailable,
            $"job {key} may have been accepted: read it by its id, or send the same request again with this id as Idempotency-Key (the store does not answer)");
        (await shaky.GetAsync($"/job/{key}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {key}");
        Assert.Empty(shaky.ActiveJobs.Active);

        broken.Refuse = null;
        host.AnswersOk();
        Assert.Equal(["web-01 ok"], (await shaky.SendAsync("GET", "/node/web-01/hostname", key: key)).Assert2xx().Outcomes);
    }

    [Fact]
    public async Task A_call_that_the_store_took_without_saying_so_is_found_by_its_repetition()
    {
        BrokenTransport broken = null!;
        await using var shaky = await ControllerFixture.OpenAsync(around: store => broken = new(store));
        var host = await shaky.AgentAsync("web-01");

        broken.FailAfter = message => message.Subject == Subjects.Record(JobId.Parse(key));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await shaky.SendAsync("GET", "/node/web-01/hostname", key: key)).Status);
        broken.FailAfter = null;
        host.AnswersOk();

        Assert.Equal(["web-01 ok"], (await shaky.SendAsync("GET", "/node/web-01/hostname", key: key)).Assert2xx().Outcomes);
        Assert.Equal(1, (await shaky.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());
    }

    private async Task AssertOneJobAsync() => Assert.Equal(1, (await fixture.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());
}
