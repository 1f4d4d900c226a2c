using System.Net;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Sample;

namespace Osapi.Client.Tests;

/// <summary>Tests of calls of hosts at a controller that does not know the route for any operation.</summary>
public sealed class OlderControllerTests
{
    private const string Id = "0b8d2a53-3f1a-4a7e-9d50-0f8f0f4f6a11";

    private readonly ScriptedHandler handler = Older("""{"job_id":"7","results":[]}""");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IEnumerable<Received> Calls => handler.Requests.Where(request => !IsSubmission(request));

    [Fact]
    public async Task Is_asked_once_and_then_called_by_the_operations_own_routes()
    {
        using var client = Client();

        await client.Node.HostnameAsync("_any", new() { JobId = JobId.Parse(Id) }, Token);
        await client.Node.DiskAsync("group:web", cancellationToken: Token);
        await client.Node.DiskAsync(Target.OfHosts("web-01"), cancellationToken: Token);

        Assert.Equal(
            [$"PUT http://host/job/{Id}", "GET http://host/node/_any/hostname", "GET http://host/node/group%3Aweb/disk", "GET http://host/node/web-01/disk"],
            handler.Requests.Select(request => $"{request.Method} {request.Url}"));
        // The same id: whichever route took the call, it is one job.
        Assert.Equal(Id, handler.Requests[1].Headers["Idempotency-Key"]);
        Assert.Equal(3, Calls.Select(request => Guid.Parse(request.Headers["Idempotency-Key"])).Distinct().Count());
    }

    [Fact]
    public async Task A_list_of_hosts_is_refused_with_the_reason_and_asked_for_again()
    {
        using var client = Client();
        await client.Node.DiskAsync("_any", cancellationToken: Token);

        var refused = await Assert.ThrowsAsync<UnexpectedStatusException>(() => client.Node.DiskAsync(Target.OfHosts("a", "b"), cancellationToken: Token));

        Assert.Equal(
            "this controller is older than the client: it takes no list of hosts, so node.disk.get was not called on 2 hosts at once; name one host, a label or _all, or upgrade the controller",
            refused.Message);
        // It may have been upgraded since.
        Assert.True(IsSubmission(handler.Requests[^1]));
    }

    [Fact]
    public async Task A_host_that_answers_404_is_no_older_controller()
    {
        ScriptedHandler controller = ScriptedHandler.Answering(404, $$"""{"error":"there is no such file","job_id":"{{Id}}","results":[]}""");
        using OsapiClient client = new("http://host", "t", controller);

        for (var call = 0; call < 2; call++)
            Assert.Equal("there is no such file", (await Assert.ThrowsAsync<NotFoundException>(() => client.Node.DiskAsync("a", cancellationToken: Token))).Message);

        Assert.All(controller.Requests, request => Assert.True(IsSubmission(request)));
        Assert.Equal(2, controller.Requests.Count);
    }

    [Fact]
    public async Task A_wrong_address_is_reported_as_that_of_the_call()
    {
        ScriptedHandler elsewhere = new(received => new(HttpStatusCode.NotFound) { Content = new StringContent($$"""{"error":"there is nothing at {{new Uri(received.Url).AbsolutePath}}"}""") });
        using OsapiClient client = new("http://host/wrong", "t", elsewhere);

        Assert.Equal("there is nothing at /wrong/node/a/disk", (await Assert.ThrowsAsync<NotFoundException>(() => client.Node.DiskAsync("a", cancellationToken: Token))).Message);
    }

    [Fact]
    public async Task Errors_about_the_request_name_its_members_as_the_caller_wrote_them()
    {
        ScriptedHandler controller = ScriptedHandler.Answering(400, """{"error":"request.adress is unknown; target x is not a registered host","errors":["request.adress is unknown","target x is not a registered host"]}""");
        using OsapiClient client = new("http://host", "t", controller);

        var refused = await Assert.ThrowsAsync<ValidationException>(() => client.Node.DiskAsync("x", cancellationToken: Token));

        Assert.Equal("adress is unknown; target x is not a registered host", refused.Message);
        Assert.Equal(["adress is unknown", "target x is not a registered host"], refused.Errors);
    }

    [Fact]
    public async Task Members_of_the_route_are_in_the_path_and_the_rest_in_the_body()
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.Run, new() { Unit = "a@b:c.service", Command = "ls", Args = ["x"], Timeout = 5 }, "group:web.dev", cancellationToken: Token);

        var request = Assert.Single(Calls);
        Assert.Equal(("POST", "http://host/node/group%3Aweb.dev/sample/a%40b%3Ac.service/run"), (request.Method, request.Url));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"command":"ls","args":["x"],"timeout":5,"env":{},"fallbacks":[],"mounts":[],"then":[]}"""), JsonNode.Parse(request.Body!)));
    }

    [Fact]
    public async Task A_request_that_is_json_already_is_the_body_as_it_is()
    {
        const string Json = """ {"command" : ["ls"],"env":["A=1.10"] } """;
        using var client = Client();

        await client.SendJsonAsync(Osapi.Operations.Command.CommandOperations.Exec, System.Text.Encoding.UTF8.GetBytes(Json), "_any", null, Token);
        await client.SendJsonAsync(Osapi.Operations.Docker.DockerOperations.Exec, """{"command" : ["ls"],"id":"web/1"}"""u8.ToArray(), "_any", null, Token);

        Assert.Equal(
            [("http://host/node/_any/command/exec", Json), ("http://host/node/_any/container/docker/web%2F1/exec", """{"command":["ls"]}""")],
            Calls.Select(request => (request.Url, request.Body!)));
        Assert.All(Calls, request => Assert.Equal("application/json", request.Headers["Content-Type"]));
    }

    [Fact]
    public async Task Without_a_body_the_rest_is_in_the_query()
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.List, new() { Unit = "u", Limit = 5, Names = ["a b", "c&d=e", "ü"], All = true }, "web-01", cancellationToken: Token);
        await client.InvokeAsync(SampleOperations.List, new() { Unit = "u" }, "web-01", cancellationToken: Token);

        Assert.Equal(
            ["http://host/node/web-01/sample/u?limit=5&names=a%20b&names=c%26d%3De&names=%C3%BC&all=true", "http://host/node/web-01/sample/u"],
            Calls.Select(request => request.Url));
        Assert.All(Calls, request => Assert.Null(request.Body));
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(3600, "3600")]
    [InlineData(1.5, "1.5")]
    public async Task How_long_a_host_may_take_to_start_is_in_the_query(double seconds, string text)
    {
        using var client = Client();
        CallOptions options = new() { StartWithin = TimeSpan.FromSeconds(seconds), CancelOnDisconnect = true };

        await client.SendAsync(SampleOperations.Run, SampleOperations.Full(), Target.Any, options, Token);
        await client.SendAsync(SampleOperations.List, new ListSamples { Unit = "u", Limit = 1 }, Target.Any, options, Token);

        Assert.Equal(
            [$"http://host/node/_any/sample/nginx.service/run?start_within={text}&cancel_on_disconnect=true", $"http://host/node/_any/sample/u?start_within={text}&cancel_on_disconnect=true&limit=1"],
            Calls.Select(request => request.Url));
    }

    private static bool IsSubmission(Received request) => request.Method == "PUT" && request.Url.StartsWith("http://host/job/", StringComparison.Ordinal);

    private static ScriptedHandler Older(string answer) => new(received => IsSubmission(received)
        ? new(HttpStatusCode.MethodNotAllowed) { Content = new StringContent("""{"error":"/job/x does not support PUT"}""") }
        : new(HttpStatusCode.OK) { Content = new StringContent(answer) });

    private OsapiClient Client() => new("http://host", "t", handler);
}
