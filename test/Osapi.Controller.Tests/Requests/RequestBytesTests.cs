using System.Net;
using System.Text;
using System.Text.Json;
using Osapi.Controller.Tests.Foreign;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Requests;

/// <summary>Tests of the bytes of a request, which the record and the command carry as they came.</summary>
public sealed class RequestBytesTests
{
    // Whitespace, an escape, a null, and numbers in forms that writing them anew would change.
    private const string Odd = """
        {"path" :  "/tmp/\u0061",
          "object_name":"missing.conf", "content_type":"raw","mode":null,
          "vars":{"version":1.10,"big":1E3,"exact":0.1000000000000000055511151231257827,"list":[ 1 ,2]}}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_reaches_the_host_and_the_log_byte_for_byte(bool nats)
    {
        await using var system = await SystemFixture.StartAsync(nats);

        var id = await system.SubmitAsync($"/node/{SystemFixture.Host}/file/deploy", $"\r\n {Odd}\n\t");

        Assert.Equal("Failed", await system.WaitForEndAsync(id));
        var command = (await system.Stranger.LastAsync(StreamName.Commands, Subjects.Command(SystemFixture.Host, JobId.Parse(id)), system.Token))!;
        var record = (await system.Stranger.LastAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(id)), system.Token))!;
        Assert.Equal(Odd, Encoding.UTF8.GetString(JobJson.Command(command.Payload).Request.Span));
        Assert.Equal(Odd, Encoding.UTF8.GetString(JobJson.Record(record.Payload).Request.Span));
        Assert.Contains($"\"request\":{Odd}", Encoding.UTF8.GetString(command.Payload.Span), StringComparison.Ordinal);
        Assert.Contains($"\"request\":{Odd}", Encoding.UTF8.GetString(record.Payload.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_of_the_client_reaches_the_host_and_the_log_byte_for_byte(bool nats)
    {
        await using var system = await SystemFixture.StartAsync(nats);
        var id = JobId.New();

        var refused = await Assert.ThrowsAsync<Client.NotFoundException>(() =>
            system.Client.SendJsonAsync(FileOperations.Deploy, Encoding.UTF8.GetBytes($"\r\n {Odd}\n\t"), SystemFixture.Host, new() { JobId = id }, system.Token));

        Assert.Equal(id, refused.JobId);
        var command = (await system.Stranger.LastAsync(StreamName.Commands, Subjects.Command(SystemFixture.Host, id), system.Token))!;
        var record = (await system.Stranger.LastAsync(StreamName.Jobs, Subjects.Record(id), system.Token))!;
        Assert.Equal(Odd, Encoding.UTF8.GetString(JobJson.Command(command.Payload).Request.Span));
        Assert.Contains($"\"request\":{Odd}", Encoding.UTF8.GetString(record.Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_carries_the_same_bytes()
    {
        await using var system = await SystemFixture.StartAsync(nats: false);
        var id = await system.SubmitAsync($"/node/{SystemFixture.Host}/file/deploy", Odd);
        await system.WaitForEndAsync(id);

        var retry = await system.Client.Job.RetryAsync(JobId.Parse(id), cancellationToken: system.Token);

        var command = (await system.Stranger.LastAsync(StreamName.Commands, Subjects.Command(SystemFixture.Host, retry.JobId), system.Token))!;
        Assert.Equal(Odd, Encoding.UTF8.GetString(JobJson.Command(command.Payload).Request.Span));
    }

    [Theory]
    [InlineData("GET", "/node/web-01/hostname", null, "{}")]
    [InlineData("GET", "/node/web-01/hostname", "", "{}")]
    [InlineData("GET", "/node/web-01/network/dns/eth0", null, """{"interface_name":"eth0"}""")]
    [InlineData("GET", "/node/web-01/container/docker?limit=1.0&state=all", null, """{"limit":1,"state":"all"}""")]
    [InlineData("POST", "/node/web-01/container/docker/web/start", null, """{"id":"web"}""")]
    [InlineData("POST", "/node/web-01/container/docker/web/exec", """ { "command": ["ls" , "\u00e9"], "timeout" :5} """, """{"command":["ls","\u00E9"],"timeout":5,"id":"web"}""")]
    // A whole number in another form makes the contract write the request.
    [InlineData("POST", "/node/web-01/command/shell", """{"command":"ls","timeout":5.0}""", """{"command":"ls","env":{},"timeout":5}""")]
    public async Task Members_of_the_path_and_the_query_are_written_once(string method, string path, string? body, string request)
    {
        await using var fixture = await ControllerFixture.OpenAsync();
        var agent = await fixture.AgentAsync("web-01");

        (await fixture.SendAsync(method, path, body, prefer: "respond-async")).Assert2xx(HttpStatusCode.Accepted);

        Assert.Equal(request, Encoding.UTF8.GetString((await agent.CommandAsync(CommandKind.Run)).Request.Span));
    }

    [Theory]
    [InlineData(""" {"interface_name":"eth0","servers":["2001:DB8::1"]}""")]
    [InlineData("""{"servers":["2001:0db8::1"],"interface_name":"\u0065th0","search_domains":null}""")]
    public async Task The_same_request_in_other_bytes_is_the_same_job_and_looks_the_same(string other)
    {
        const string Path = "/node/web-01/network/dns";
        await using var fixture = await ControllerFixture.OpenAsync();
        await fixture.AgentAsync("web-01");
        var key = Guid.NewGuid().ToString();
        Task<Answer> SubmitAsync(string body, string? id) => fixture.SendAsync("PUT", Path, body, key: id, prefer: "respond-async");

        (await SubmitAsync(other, key)).Assert2xx(HttpStatusCode.Accepted);

        Assert.Equal(key, (await SubmitAsync("""{"interface_name":"eth0","servers":["2001:db8::1"]}""", key)).Assert2xx(HttpStatusCode.Accepted).JobId);
        (await SubmitAsync("""{"interface_name":"eth0","servers":["2001:db8::2"]}""", key)).AssertProblem(HttpStatusCode.Conflict, $"job {key} already exists with a different request");
        var shown = (await fixture.GetAsync($"/job/{key}")).Json.GetProperty("operation").GetProperty("data");
        Assert.Equal("""{"interface_name":"eth0","servers":["2001:db8::1"]}""", shown.GetRawText());
    }

    [Fact]
    public async Task A_request_that_an_earlier_controller_wrote_is_compared_and_shown_as_before()
    {
        await using var fixture = await ControllerFixture.OpenAsync();
        var agent = await fixture.AgentAsync("web-01");
        var id = JobId.New();
        JobRecord record = new()
        {
            Id = id,
            Operation = "command.exec.execute",
            // It wrote every list.
            Request = """{"command":"ls","args":[],"env":{}}"""u8.ToArray(),
            Target = "web-01",
            Hosts = ["web-01"],
            Created = fixture.Transport.ServerNow,
            StartWithin = 10,
            Timeout = 30,
        };
        await fixture.Transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(id), JobJson.Bytes(record), ExpectedLast: 0)], fixture.TestTimeout);
        await agent.RunAsync(id.ToString(), agent.Ok("""{"stdout":"","stderr":"","exit_code":0,"duration_ms":1}"""));

        var again = await fixture.SendAsync("POST", "/node/web-01/command/exec", """{"command":"ls"}""", key: id.ToString());

        Assert.Equal(["web-01 ok"], again.Assert2xx(HttpStatusCode.Accepted).Outcomes);
        var shown = (await fixture.GetAsync($"/job/{id}")).Json.GetProperty("operation").GetProperty("data");
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(record.Request.Span), shown), shown.GetRawText());
    }
}
