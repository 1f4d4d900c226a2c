using System.Net;
using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of lists of jobs, and of single jobs.</summary>
public sealed class JobResourceTests() : ControllerTest(new AgentSetup("web-01"))
{
    [Fact]
    public async Task A_job_has_its_request_its_replies_and_their_times()
    {
        var id = await fixture.SubmitAsync("_any");
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var start = await agent.StartAsync(id, any: true);
        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        await agent.EndAsync(id, start!.Value, agent.Ok("""{"os_hostname":"real","labels":{"group":"web"}}"""), any: true);

        var job = await fixture.WaitForEndAsync(id);

        AssertJson(
            $$"""
            {"id":"{{id}}","status":"completed","created":"2026-11-01T12:00:00+00:00","updated_at":"2026-11-01T12:00:03+00:00","target":"_any",
             "operation":{"type":"node.hostname.get","data":{} },"caller":"somebody","retries":[],"hostname":"web-01",
             "result":{"os_hostname":"real","labels":{"group":"web"} },
             "responses":{"web-01":{"hostname":"web-01","status":"completed","outcome":"ok","changed":false,"data":{"os_hostname":"real","labels":{"group":"web"} } } },
             "timeline":[
              {"timestamp":"2026-11-01T12:00:00+00:00","event":"submitted","message":"Submitted for _any"},
              {"timestamp":"2026-11-01T12:00:01+00:00","event":"started","hostname":"web-01","message":"Started on web-01"},
              {"timestamp":"2026-11-01T12:00:03+00:00","event":"completed","hostname":"web-01","message":"Completed on web-01"}]}
            """,
            job);
    }

    [Fact]
    public async Task A_request_that_is_as_deep_as_can_be_is_listed_and_read()
    {
        var vars = string.Concat(Enumerable.Repeat("""{"a":""", 31)) + "1" + new string('}', 31);
        var deploy = $$"""{"object_name":"a","path":"/a","content_type":"raw","vars":{{vars}}}""";
        var deeper = deploy.Replace(":1}", ":[1]}", StringComparison.Ordinal);

        var accepted = (await fixture.SendAsync("POST", "/node/web-01/file/deploy", deploy, prefer: "respond-async")).Assert2xx(HttpStatusCode.Accepted).JobId;
        (await fixture.PostAsync("/node/web-01/file/deploy", deeper)).AssertProblem(HttpStatusCode.BadRequest, "the request is nested deeper than 32 levels");

        (await fixture.GetAsync($"/job/{accepted}")).Assert2xx();
        Assert.Equal(1, (await fixture.GetAsync("/job")).Assert2xx().Json.GetProperty("total_items").GetInt32());
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);
        Assert.Equal(accepted, Assert.Single((await client.Job.ListAsync(cancellationToken: fixture.TestTimeout)).Items).Id.ToString());
    }

    [Fact]
    public async Task A_check_is_marked_in_its_job_with_the_predicted_changes()
    {
        var asked = await fixture.SubmitAsync("web-01", "?check=true");
        await agent.RunAsync(asked, agent.Ok() with { Result = null, Check = new() { Changed = null, Reason = "nobody knows", Before = JsonElement.Parse("""{"mode":"0600"}""") } });
        var done = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(done, agent.Ok());

        var job = (await fixture.WaitForEndAsync(asked)).Json;
        await fixture.WaitForEndAsync(done);
        var listed = (await fixture.GetAsync("/job")).Assert2xx().Json.GetProperty("items");

        Assert.True(job.GetProperty("check").GetBoolean());
        Assert.Equal("""{"changed":null,"reason":"nobody knows","before":{"mode":"0600"}}""", job.GetProperty("responses").GetProperty("web-01").GetProperty("check").GetRawText());
        Assert.Equal([false, true], listed.EnumerateArray().Select(item => item.TryGetProperty("check", out var check) && check.GetBoolean()));
    }

    [Fact]
    public async Task A_broadcast_has_a_response_for_each_host_the_left_out_ones_included()
    {
        JobRecord record = new()
        {
            Id = JobId.Parse(Guid.NewGuid().ToString()),
            Operation = "node.hostname.get",
            Request = JobRecord.NoRequest,
            Target = "_all",
            Hosts = ["web-01", "web-02"],
            Skipped = [new("web-03", "the host is drained")],
            Created = fixture.Transport.ServerNow,
            StartWithin = 10,
            Timeout = 30,
        };
        await AppendAsync(record);
        await agent.RunAsync(record.Id.ToString(), agent.Failed(ErrorType.NotFound, "no such thing"));
        await fixture.CatchUpAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        var job = await fixture.WaitForEndAsync(record.Id.ToString());

        Assert.Equal(("failed", "no such thing"), (job.Json.GetProperty("status").GetString(), job.Json.GetProperty("error").GetString()));
        Assert.False(job.Json.TryGetProperty("hostname", out _) || job.Json.TryGetProperty("result", out _));
        AssertJson(
            """
            {"web-01":{"hostname":"web-01","status":"failed","outcome":"failed","changed":false,"error":"no such thing","error_type":"not_found"},
             "web-02":{"hostname":"web-02","status":"failed","outcome":"expired","changed":false,"error":"not started within 10 s","error_type":"expired"},
             "web-03":{"hostname":"web-03","status":"completed","outcome":"skipped","changed":false,"error":"the host is drained","error_type":"unavailable"}}
            """,
            job,
            "responses");
    }

    [Fact]
    public async Task A_job_whose_hosts_were_all_skipped_ends_at_once()
    {
        JobRecord record = new()
        {
            Id = JobId.Parse(Guid.NewGuid().ToString()),
            Operation = "node.hostname.get",
            Request = JobRecord.NoRequest,
            Target = "_all",
            Skipped = [new("web-03", "the host is drained")],
            Created = fixture.Transport.ServerNow,
            StartWithin = 10,
            Timeout = 30,
        };
        await AppendAsync(record);
        await fixture.CatchUpAsync();

        Assert.Equal("completed", await fixture.StatusOfAsync(record.Id.ToString()));
        Assert.Equal(["web-03 skipped"], (await fixture.SendAsync("GET", "/node/_all/hostname", key: record.Id.ToString())).Assert2xx().Outcomes);
    }

    [Fact]
    public async Task Changed_is_present_for_jobs_that_can_change_something()
    {
        JobRecord record = new()
        {
            Id = JobId.Parse(Guid.NewGuid().ToString()),
            // An operation of a newer version: this controller does not know that it is read-only.
            Operation = "service.restart.execute",
            Request = """{"unit":"nginx"}"""u8.ToArray(),
            Target = "web-01",
            Hosts = ["web-01"],
            Created = fixture.Transport.ServerNow,
            StartWithin = 10,
            Timeout = 30,
        };
        await AppendAsync(record);
        await fixture.CatchUpAsync();
        Assert.False((await fixture.GetAsync($"/job/{record.Id}")).Json.TryGetProperty("changed", out _));

        await agent.RunAsync(record.Id.ToString(), agent.Ok("{}") with { Changed = true });

        var job = await fixture.WaitForEndAsync(record.Id.ToString());
        Assert.True(job.Json.GetProperty("changed").GetBoolean());
        Assert.Equal("nginx", job.Json.GetProperty("operation").GetProperty("data").GetProperty("unit").GetString());
    }

    [Fact]
    public async Task A_job_that_does_not_exist_is_a_404()
    {
        var id = Guid.NewGuid();

        (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
    }

    [Fact]
    public async Task The_list_filters_pages_and_counts()
    {
        List<string> completed = [], failed = [];
        for (var i = 0; i < 15; i++)
        {
            var id = await fixture.SubmitAsync("web-01");
            await agent.RunAsync(id, i % 3 == 0 ? agent.Failed(ErrorType.Failed, "x") : agent.Ok());
            (i % 3 == 0 ? failed : completed).Add(id);
        }

        var running = await fixture.SubmitAsync("web-01");
        await agent.StartAsync(running);
        await fixture.CatchUpAsync();
        completed.Reverse();
        failed.Reverse();

        var all = await ListAsync("");
        Assert.Equal(10, all.Items.Count);
        Assert.Equal(running, all.Items[0]);
        Assert.Equal(16, all.Total);
        Assert.Equal("""{"submitted":0,"processing":1,"completed":10,"failed":5,"partial_failure":0,"cancelled":0}""", all.Counts);
        Assert.Equal(Pair((completed, 10, "")), Pair(await ListAsync("?status=completed&limit=100")));
        Assert.Equal(Pair((failed[1..3], 5, "")), Pair(await ListAsync("?status=failed&limit=2&offset=1")));
        Assert.Equal(Pair(([], 5, "")), Pair(await ListAsync("?status=failed&offset=5")));
        Assert.Equal(Pair(([], 0, "")), Pair(await ListAsync("?status=cancelled")));
        Assert.Equal(all.Counts, (await ListAsync("?status=failed")).Counts);

        static string Pair((List<string> Items, long Total, string Counts) list) => $"{string.Join(' ', list.Items)} of {list.Total}";
    }

    [Fact]
    public async Task A_job_in_a_list_has_no_request_and_no_answers()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(id, agent.Ok());
        await fixture.WaitForEndAsync(id);

        AssertJson(
            $$"""
            [{"id":"{{id}}","status":"completed","created":"2026-11-01T12:00:00+00:00","updated_at":"2026-11-01T12:00:00+00:00","target":"web-01","operation":{"type":"node.hostname.get"},"caller":"somebody"}]
            """,
            await fixture.GetAsync("/job"),
            "items");
    }

    private async Task<(List<string> Items, long Total, string Counts)> ListAsync(string query)
    {
        var list = (await fixture.GetAsync("/job" + query)).Assert2xx().Json;
        return ([.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)],
            list.GetProperty("total_items").GetInt64(), list.GetProperty("status_counts").GetRawText());
    }

    private async Task AppendAsync(JobRecord record) =>
        await fixture.Transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(record.Id), JobJson.Bytes(record), ExpectedLast: 0)], fixture.TestTimeout);

    private static void AssertJson(string expected, Answer answer, string? member = null)
    {
        var actual = member is null ? answer.Json : answer.Json.GetProperty(member);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), actual.GetRawText());
    }
}
