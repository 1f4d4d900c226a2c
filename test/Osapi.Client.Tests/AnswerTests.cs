using System.Net;
using System.Text;
using Osapi.Operations;
using Osapi.Operations.Sample;

namespace Osapi.Client.Tests;

/// <summary>Tests of responses.</summary>
public sealed class AnswerTests
{
    private const string Problem = """
        {"type":"about:blank","title":"Bad Request","status":400,"detail":"more","error":"timeout must be between 1 and 300; cwd must be text",
         "errors":["timeout must be between 1 and 300","cwd must be text"],"job_id":"00000007-0000-7000-8000-000000000000",
         "results":[{"hostname":"web-01","outcome":"failed","changed":true,"error":"exit 1","error_type":"failed"}]}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_success_has_a_result_for_each_host()
    {
        const string body = """{"job_id":"00000007-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":false,"disks":[{"name":"/","total":3,"used":2,"free":1}]},{"hostname":"web-02","outcome":"expired","changed":false,"error":"not started","error_type":"expired"}]}""";
        using var client = Client(200, body);

        var disks = await client.Node.DiskAsync("_all", cancellationToken: Token);

        Assert.Equal(("00000007-0000-7000-8000-000000000000", body), (disks.JobId.ToString(), disks.RawJson));
        Assert.Equal([("web-01", Outcome.Ok), ("web-02", Outcome.Expired)], disks.Hosts.Select(result => (result.Hostname, result.Outcome)));
        Assert.True(disks.TryGetFirst(out var first));
        Assert.Equal([new("/", 3, 2, 1)], first.Result!.Disks);
        Assert.Equal(ErrorType.Expired, disks.Hosts[1].ErrorType);
    }

    [Fact]
    public async Task Every_method_of_the_families_reads_its_example()
    {
        foreach (var operation in OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host))
        {
            var result = System.Text.Json.JsonSerializer.SerializeToElement(operation.ExamplePair.Result, operation.ResultInfo);
            var entry = System.Text.Json.Nodes.JsonObject.Create(result)!;
            entry["hostname"] = "web-01";
            entry["outcome"] = "ok";
            entry["changed"] ??= false;
            using var client = Client(operation.SuccessStatus, $$"""{"job_id":"00000007-0000-7000-8000-000000000000","results":[{{entry.ToJsonString()}}]}""");

            var answer = await ClientMethods.CallAsync(client, operation, Token);

            var results = ((System.Collections.IEnumerable)answer.GetType().GetProperty("Hosts")!.GetValue(answer)!).Cast<object>();
            var value = Assert.Single(results.Select(entry => entry.GetType().GetProperty("Result")!.GetValue(entry)));
            Assert.Equal(result.GetRawText(), System.Text.Json.JsonSerializer.Serialize(value, operation.ResultInfo));
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(202)]
    public async Task Any_2xx_is_a_success(int status)
    {
        using var client = Client(status, """{"job_id":"00000007-0000-7000-8000-000000000000","results":null}""");

        var disks = await client.Node.DiskAsync("_all", cancellationToken: Token);

        Assert.Equal("00000007-0000-7000-8000-000000000000", disks.JobId.ToString());
        Assert.Empty(disks.Hosts);
        Assert.False(disks.TryGetFirst(out _));
    }

    [Theory]
    [InlineData(204, null)]
    [InlineData(200, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(200, "\"text\"")]
    [InlineData(200, "{")]
    [InlineData(200, """{"job_id":"\ud800"}""")]
    [InlineData(200, """{"job_id":"1","job_id":"2"}""")]
    public async Task A_success_that_is_no_json_object_is_unexpected(int status, string? body)
    {
        using var client = Client(status, body);

        var exception = await Assert.ThrowsAsync<UnexpectedStatusException>(() => client.Node.DiskAsync("_any", cancellationToken: Token));

        Assert.Equal((status, "the response is not valid for node.disk.get; is this an OSAPI controller?"), (exception.StatusCode, exception.Message));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"status":7}""")]
    [InlineData("""{"status":null}""")]
    public async Task A_success_of_the_controller_without_its_result_is_unexpected(string body)
    {
        using var client = Client(200, body);

        await Assert.ThrowsAsync<UnexpectedStatusException>(() => client.Health.LivenessAsync(cancellationToken: Token));
    }

    [Theory]
    [InlineData(400, typeof(ValidationException))]
    [InlineData(401, typeof(AuthException))]
    [InlineData(403, typeof(AuthException))]
    [InlineData(404, typeof(NotFoundException))]
    [InlineData(409, typeof(ConflictException))]
    [InlineData(500, typeof(ServerException))]
    [InlineData(502, typeof(ServerException))]
    [InlineData(503, typeof(ServerException))]
    [InlineData(504, typeof(ServerException))]
    [InlineData(302, typeof(UnexpectedStatusException))]
    [InlineData(304, typeof(UnexpectedStatusException))]
    [InlineData(415, typeof(UnexpectedStatusException))]
    [InlineData(429, typeof(TooManyRequestsException))]
    [InlineData(418, typeof(UnexpectedStatusException))]
    public async Task Each_error_has_its_exception_and_keeps_everything(int status, Type type)
    {
        using var client = Client(status, Problem, "application/problem+json");

        var exception = await Assert.ThrowsAsync(type, () => client.Node.DiskAsync("_any", cancellationToken: Token));

        var api = Assert.IsAssignableFrom<ApiException>(exception);
        Assert.IsAssignableFrom<OsapiException>(exception);
        Assert.Equal((status, "timeout must be between 1 and 300; cwd must be text", "00000007-0000-7000-8000-000000000000"), (api.StatusCode, api.Message, api.JobId?.ToString()));
        Assert.Equal(["timeout must be between 1 and 300", "cwd must be text"], api.Errors);
        Assert.Equal(("web-01", Outcome.Failed, true, "exit 1"), Assert.Single(api.Hosts) is var entry ? (entry.Hostname, entry.Outcome, entry.Changed, entry.Error) : default);
    }

    [Theory]
    [InlineData("""{"error":"one","detail":"two","title":"three"}""", "one")]
    [InlineData("""{"detail":"two","title":"three"}""", "two")]
    [InlineData("""{"error":7,"title":"three"}""", "three")]
    [InlineData("""{"message":"framework"}""", "unexpected status 404")]
    [InlineData("{}", "unexpected status 404")]
    [InlineData("[]", "unexpected status 404")]
    [InlineData("null", "unexpected status 404")]
    [InlineData("<html>Not Found</html>", "unexpected status 404")]
    [InlineData("""{"error":"\ud800"}""", "unexpected status 404")]
    [InlineData("", "unexpected status 404")]
    [InlineData(null, "unexpected status 404")]
    public async Task The_message_is_the_best_there_is(string? body, string message)
    {
        using var client = Client(404, body);

        Assert.Equal(message, (await Assert.ThrowsAsync<NotFoundException>(() => client.Node.DiskAsync("_any", cancellationToken: Token))).Message);
        Assert.Equal(message, (await Assert.ThrowsAsync<NotFoundException>(() => client.Health.LivenessAsync(cancellationToken: Token))).Message);
    }

    [Fact]
    public async Task Unexpected_members_of_a_problem_are_skipped()
    {
        using var client = Client(400, """{"error":"x","errors":["a",1,null,{}],"job_id":5,"results":[null,7,{"hostname":"a"}]}""");

        var exception = await Assert.ThrowsAsync<ValidationException>(() => client.Node.DiskAsync("_any", cancellationToken: Token));

        Assert.Equal(["a"], exception.Errors);
        Assert.Null(exception.JobId);
        Assert.Equal(["", "", "a"], exception.Hosts.Select(entry => entry.Hostname));
    }

    [Fact]
    public async Task Readiness_answers_its_result_with_a_503()
    {
        using var client = Client(503, """{"status":"not_ready","error":"the store does not answer"}""");

        var ready = await client.Health.ReadyAsync(cancellationToken: Token);

        Assert.Equal(("not_ready", "the store does not answer"), (ready.Status, ready.Error));
    }

    [Theory]
    [InlineData(503, """{"type":"about:blank","title":"Service Unavailable","status":503,"error":"starting"}""", "starting")]
    [InlineData(503, """{"message":"upstream is down"}""", "unexpected status 503")]
    [InlineData(503, "<html>", "unexpected status 503")]
    [InlineData(500, """{"status":"ready"}""", "unexpected status 500")]
    [InlineData(500, """{"error":"boom"}""", "boom")]
    public async Task Any_other_failure_of_the_controller_is_an_exception(int status, string body, string message)
    {
        using var client = Client(status, body);

        var exception = await Assert.ThrowsAsync<ServerException>(() => client.Health.ReadyAsync(cancellationToken: Token));

        Assert.Equal((status, message), (exception.StatusCode, exception.Message));
    }

    [Fact]
    public async Task A_refusal_of_a_controller_operation_is_an_exception()
    {
        using var client = Client(401, """{"title":"Unauthorized","error":"the token has expired"}""");

        var exception = await Assert.ThrowsAsync<AuthException>(() => client.InvokeAsync(SampleOperations.Put, new() { Name = "a" }, cancellationToken: Token));

        Assert.Equal((401, "the token has expired"), (exception.StatusCode, exception.Message));
    }

    [Fact]
    public async Task A_503_for_hosts_is_an_exception()
    {
        using var client = Client(503, """{"job_id":"00000007-0000-7000-8000-000000000000","results":[],"error":"busy"}""");

        Assert.Equal("busy", (await Assert.ThrowsAsync<ServerException>(() => client.Node.DiskAsync("_any", cancellationToken: Token))).Message);
    }

    [Fact]
    public async Task Additions_of_a_newer_controller_are_ignored()
    {
        using var client = Client(200, """
            {"job_id":"00000007-0000-7000-8000-000000000000","trace":"x","results":[
              {"hostname":"a","outcome":"ok","changed":false,"disks":[{"name":"/","total":3,"used":2,"free":1,"kind":"ssd"}],"took_ms":5},
              {"hostname":"b","outcome":"teleported","changed":false,"error":"x","error_type":"cosmic"},
              {"hostname":"c","outcome":"ok","changed":false,"disks":"none"}]}
            """);

        var disks = await client.Node.DiskAsync("_all", cancellationToken: Token);

        Assert.Equal([Outcome.Ok, Outcome.Unknown, Outcome.Unknown], disks.Hosts.Select(result => result.Outcome));
        Assert.Equal([null, ErrorType.Failed, ErrorType.Unknown], disks.Hosts.Select(result => result.ErrorType));
        Assert.Equal("/", Assert.Single(disks.Hosts[0].Result!.Disks).Name);
    }

    [Fact]
    public async Task A_wrong_character_set_does_not_matter()
    {
        ScriptedHandler handler = new(_ =>
        {
            ByteArrayContent content = new(Encoding.UTF8.GetBytes("""{"status":"ök"}"""));
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=klingon");
            return new(HttpStatusCode.OK) { Content = content };
        });
        using OsapiClient client = new("http://host", "", handler);

        Assert.Equal("ök", (await client.Health.LivenessAsync(cancellationToken: Token)).Status);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_no_answer()
    {
        ScriptedHandler handler = new(_ => new(HttpStatusCode.OK) { Content = new ByteArrayContent([.. "{\"status\":\""u8, 0xff, .. "\"}"u8]) });
        using OsapiClient client = new("http://host", "", handler);

        await Assert.ThrowsAsync<UnexpectedStatusException>(() => client.Health.LivenessAsync(cancellationToken: Token));
    }

    private static OsapiClient Client(int status, string? body, string mediaType = "application/json") =>
        new("http://host", "t", ScriptedHandler.Answering(status, body, mediaType));
}
