using System.Net;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of <c>PUT /job/{id}</c>: any operation, also on a list of hosts.</summary>
public sealed class SubmissionTests() : ControllerTest(
    new AgentSetup("web-01", Group: "web", AnswersOk: true),
    new AgentSetup("web-02", Group: "web", AnswersOk: true),
    new AgentSetup("web-03", Group: "web", AnswersOk: true))
{
    private readonly string id = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_list_of_hosts_is_answered_by_exactly_these()
    {
        var answer = await PutAsync("""{"operation":"node.hostname.get","hosts":["WEB-03","web-01","web-03"]}""");

        answer.Assert2xx(HttpStatusCode.OK);
        Assert.Equal($"/job/{id}", answer.Message.Headers.Location?.ToString());
        Assert.Equal(["web-01 ok", "web-03 ok"], Entries(answer));
        var job = (await fixture.GetAsync($"/job/{id}")).Json;
        Assert.Equal("""_hosts ["web-01","web-03"]""", $"{job.GetProperty("target").GetString()} {job.GetProperty("hosts").GetRawText()}");
        Assert.Equal("Submitted for a list of 2 hosts", job.GetProperty("timeline")[0].GetProperty("message").GetString());
        Assert.False((await fixture.GetAsync("/job?hostname=web-02")).Json.GetProperty("items").EnumerateArray().Any());
    }

    [Theory]
    [InlineData("\"target\":\"_all\"", "/node/_all/hostname")]
    [InlineData("\"target\":\"group:web\"", "/node/group:web/hostname")]
    [InlineData("\"target\":\"web-02\"", "/node/web-02/hostname")]
    [InlineData("\"hosts\":[\"web-02\"]", "/node/web-02/hostname")]
    public async Task A_target_is_the_same_job_as_through_the_operations_own_route(string target, string path)
    {
        var first = await PutAsync($$"""{"operation":"node.hostname.get",{{target}}}""");
        var second = await fixture.SendAsync("GET", path, key: id);

        Assert.Equal(first.Assert2xx().Body, second.Assert2xx().Body);
        Assert.Equal(1, (await fixture.GetAsync("/job")).Json.GetProperty("total_items").GetInt64());
        Assert.False((await fixture.GetAsync($"/job/{id}")).Json.TryGetProperty("hosts", out _));
    }

    [Fact]
    public async Task The_same_id_and_body_is_the_same_job_and_another_body_is_refused()
    {
        const string Body = """{"operation":"network.ping.do","hosts":["web-01","web-02"],"request":{"address":"127.0.0.1"},"check":true,"start_within":20}""";
        var first = (await PutAsync(Body)).Assert2xx();

        Assert.Equal(first.Body, (await PutAsync("""{"request": {"address": "127.0.0.1"}, "check": true, "hosts": ["WEB-02","web-01"], "operation": "network.ping.do"}""")).Assert2xx().Body);
        foreach (var other in (string[])[Body.Replace("web-02", "web-03"), Body.Replace("true", "false"), Body.Replace("0.1\"", "0.2\""), Body.Replace("\"hosts\":[\"web-01\",\"web-02\"]", "\"target\":\"_all\"")])
            (await PutAsync(other)).AssertProblem(HttpStatusCode.Conflict, $"job {id} already exists with a different request");
    }

    [Fact]
    public async Task All_unknown_hosts_are_named_and_nothing_runs()
    {
        (await PutAsync("""{"operation":"node.hostname.get","hosts":["web-01","web-1","nobody"]}""")).AssertProblem(
            HttpStatusCode.BadRequest, "host nobody is not registered; host web-1 is not registered; did you mean 'web-01'?");
        (await PutAsync("""{"operation":"node.hostname.get","target":"all"}""")).AssertProblem(HttpStatusCode.BadRequest, "target all is not a registered host; did you mean '_all'?");

        (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
    }

    [Theory]
    [InlineData("""{"operation":"node.hostnam.get","target":"_any"}""", "operation 'node.hostnam.get' is unknown; did you mean 'node.hostname.get'?")]
    [InlineData("""{"operation":"job.list","target":"_any"}""", "operation job.list runs on the controller and is no job: call GET /job")]
    [InlineData("""{"operation":"node.hostname.get"}""", "target or hosts is required")]
    [InlineData("""{"operation":"node.hostname.get","target":"_any","hosts":["web-01"]}""", "target and hosts must not be given together")]
    [InlineData("""{"operation":"node.hostname.get","hosts":["_any"]}""", "hosts is wrong: '_any' is not a host name")]
    [InlineData("""{"operation":"node.hostname.get","hosts":[]}""", "hosts must not be empty")]
    [InlineData("""{"operation":"node.hostname.get","target":"_any","start_within":0.5,"chek":true}""", "start_within must be between 1 and 3600; chek is unknown; did you mean 'check'?")]
    [InlineData("""{"operation":"network.ping.do","target":"_any","request":{"count":0},"request":{}}""", "request must not be given twice; request.address is required")]
    [InlineData("""{"operation":"network.ping.do","target":"_some","request":{"adress":"::1"}}""",
        "request.address is required; request.adress is unknown; did you mean 'address'?; target '_some' is unknown: names with a leading underscore are reserved, and only _any and _all exist")]
    [InlineData("""{"operation":"node.hostname.get","target":"_any","request":[]}""", "the request must be a JSON object")]
    [InlineData("""{"operation":"node.hostname.get","target":"_any"} x""", "the request is not valid JSON (line 1, position 51)")]
    [InlineData("[]", "the request must be a JSON object")]
    [InlineData("", "operation is required")]
    public async Task A_wrong_body_is_refused_with_all_problems(string body, string error) => (await PutAsync(body)).AssertProblem(HttpStatusCode.BadRequest, error);

    [Fact]
    public async Task The_permission_is_that_of_the_operation()
    {
        const string Body = """{"operation":"command.shell.execute","hosts":["web-01","web-02"],"request":{"command":1}}""";
        (await PutAsync(Body, token: null)).AssertProblem(HttpStatusCode.Unauthorized, "bearer token required");
        (await PutAsync(Body, fixture.Token(["write"]))).AssertProblem(HttpStatusCode.Forbidden, "insufficient permissions: command:execute is required");
        (await PutAsync(Body, fixture.Token([], "command:execute"))).AssertProblem(HttpStatusCode.BadRequest, "request.command must be text");
        (await PutAsync("""{"operation":"node.hostname.get","target":"_all"}""", fixture.Token(["read"]))).Assert2xx();
    }

    [Fact]
    public async Task A_request_has_the_size_that_its_operation_allows()
    {
        (await PutAsync($$$"""{"operation":"network.ping.do","target":"_any","request":{"address":"{{{new string('x', 300_000)}}}"}}"""))
            .AssertProblem(HttpStatusCode.RequestEntityTooLarge, "the request of network.ping.do is too large: 300014 bytes, at most 262144");
        (await PutAsync($$$"""{"operation":"command.shell.execute","target":"_any","request":{"command":"true","stdin":"{{{new string('x', 300_000)}}}"}}""")).Assert2xx(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_caller_need_not_wait()
    {
        var answer = await fixture.SendAsync("PUT", $"/job/{id}", """{"operation":"command.shell.execute","hosts":["web-01","web-02"],"request":{"command":"true"}}""", prefer: "respond-async");

        answer.Assert2xx(HttpStatusCode.Accepted);
        Assert.Equal("respond-async", answer.Message.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_drained_host_of_the_list_is_skipped_and_a_retry_is_for_the_same_hosts()
    {
        (await fixture.PostAsync("/agent/web-02/drain")).Assert2xx();
        Assert.Equal(["web-01 ok", "web-02 skipped"], Entries((await PutAsync("""{"operation":"node.hostname.get","hosts":["web-01","web-02"]}""")).Assert2xx()));
        (await fixture.PostAsync("/agent/web-02/undrain")).Assert2xx();

        var retry = (await fixture.PostAsync($"/job/{id}/retry")).Assert2xx(HttpStatusCode.Created).JobId;

        var job = (await fixture.WaitForEndAsync(retry)).Json;
        Assert.Equal("""["web-01","web-02"]""", job.GetProperty("hosts").GetRawText());
        Assert.Equal(["web-01", "web-02"], job.GetProperty("responses").EnumerateObject().Select(response => response.Name));
    }

    [Fact]
    public async Task An_older_version_reads_the_record_and_takes_its_target_for_no_host()
    {
        (await PutAsync("""{"operation":"node.hostname.get","hosts":["web-01","web-02"]}""")).Assert2xx();

        var message = await fixture.Transport.LastAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(id)), fixture.TestTimeout);
        var record = JsonElement.Parse(message!.Payload.Span);

        Assert.Equal(
            ["id", "operation", "request", "target", "hosts", "skipped", "any_host", "created", "start_within", "timeout", "check", "caller"],
            record.EnumerateObject().Select(member => member.Name));
        Assert.Equal("""_hosts ["web-01","web-02"]""", $"{record.GetProperty("target").GetString()} {record.GetProperty("hosts").GetRawText()}");
        Assert.False(Target.TryParse("_hosts", provider: null, out _));
    }

    [Fact]
    public async Task The_events_carry_the_replies_when_they_are_asked_for()
    {
        (await PutAsync("""{"operation":"node.hostname.get","hosts":["web-01","web-02"]}""")).Assert2xx();

        var with = Data((await fixture.GetAsync($"/job/{id}/events?replies=true")).Body);
        var without = Data((await fixture.GetAsync($"/job/{id}/events")).Body);

        Assert.Equal(["web-01", "web-02"], with.Where(data => data.TryGetProperty("reply", out _)).Select(data => data.GetProperty("reply").GetProperty("hostname").GetString()).Order());
        Assert.All(with.Where(data => data.TryGetProperty("reply", out _)), data => Assert.Equal("real", data.GetProperty("reply").GetProperty("os_hostname").GetString()));
        Assert.DoesNotContain(without, data => data.TryGetProperty("reply", out _));
    }

    private static IReadOnlyList<JsonElement> Data(string events) =>
        [.. events.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[6..]))];

    private Task<Answer> PutAsync(string body, string? token = "") => fixture.SendAsync("PUT", $"/job/{id}", body, token);

    private static IEnumerable<string> Entries(Answer answer) => answer.Json.GetProperty("results").EnumerateArray().Select(entry =>
        $"{entry.GetProperty("hostname").GetString()} {entry.GetProperty("outcome").GetString()}").Order();
}
