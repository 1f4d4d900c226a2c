using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Osapi.Operations;
using Osapi.Operations.Sample;

namespace Osapi.Client.Tests;

/// <summary>Tests of requests as they are sent.</summary>
public sealed class RequestTests
{
    private readonly ScriptedHandler handler = new(received => new(System.Net.HttpStatusCode.OK)
    {
        Content = new StringContent(received.Url.StartsWith("http://host/sample/", StringComparison.Ordinal) ? """{"output":"x","changed":false}""" : """{"job_id":"7","results":[]}"""),
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://host:8080", "http://host:8080/job")]
    [InlineData("http://host:8080/", "http://host:8080/job")]
    [InlineData("http://host:8080/api", "http://host:8080/api/job")]
    [InlineData("https://host/api/v1/", "https://host/api/v1/job")]
    [InlineData("http://user:password@host:8080/api", "http://host:8080/api/job")]
    [InlineData("http://host/a%2Fb", "http://host/a%2Fb/job")]
    [InlineData("http://host/api?x=1#y", "http://host/api/job")]
    public async Task Paths_are_joined_to_the_base(string baseUrl, string url)
    {
        using OsapiClient client = new(baseUrl, "t", handler);
        using OsapiClient prepared = new(new HttpClient(handler) { BaseAddress = new(baseUrl) });

        CallOptions options = new() { JobId = JobId.New() };
        await client.Node.HostnameAsync("_any", options, Token);
        await prepared.Node.HostnameAsync("_any", options, Token);

        Assert.Equal([$"{url}/{options.JobId}", $"{url}/{options.JobId}"], handler.Requests.Select(request => request.Url));
        Assert.Equal(url, client.BaseUrl + "job");
    }

    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("ftp://host")]
    [InlineData("/api")]
    [InlineData("not an address")]
    [InlineData("")]
    [InlineData("file:///etc/passwd")]
    public void An_address_that_is_none_is_refused_at_once(string baseUrl)
    {
        Assert.Throws<UriFormatException>(() => new OsapiClient(baseUrl, "t", handler));
        Assert.Throws<UriFormatException>(() => new OsapiClient(new HttpClient(handler)));
    }

    [Fact]
    public async Task A_call_of_hosts_has_everything_in_the_body_and_the_id_in_the_path()
    {
        using var client = Client();
        CallOptions options = new() { JobId = JobId.Parse("0b8d2a53-3f1a-4a7e-9d50-0f8f0f4f6a11") };

        await client.InvokeAsync(SampleOperations.Run, new() { Unit = "a@b:c.service", Command = "ls", Args = ["x"], Timeout = 5 }, "group:web.dev", options, Token);

        var request = Assert.Single(handler.Requests);
        Assert.Equal(("PUT", $"http://host/job/{options.JobId}"), (request.Method, request.Url));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal(
            """{"operation":"sample.unit.run","target":"group:web.dev","request":{"unit":"a@b:c.service","command":"ls","args":["x"],"timeout":5,"env":{},"fallbacks":[],"mounts":[],"then":[]}}""",
            request.Body);
    }

    [Fact]
    public async Task A_request_that_is_json_already_is_sent_as_it_is()
    {
        const string Json = """ {"command" : ["ls"],"env":["A=1.10"] } """;
        using var client = Client();

        await client.SendJsonAsync(Osapi.Operations.Command.CommandOperations.Exec, Encoding.UTF8.GetBytes(Json), "_any", null, Token);
        await client.SendJsonAsync(Osapi.Operations.Node.NodeOperations.Hostname, default, "_any", null, Token);

        Assert.Equal(
            [$$"""{"operation":"command.exec.execute","target":"_any","request":{{Json}}}""", """{"operation":"node.hostname.get","target":"_any","request":{}}"""],
            handler.Requests.Select(request => request.Body!));
    }

    [Theory]
    [InlineData("""{"command":"ls"},"check":true""")]
    [InlineData("""{"command":"ls"} {}""")]
    [InlineData("""{"command":"ls"}}""")]
    [InlineData("""{"command":""")]
    [InlineData("no JSON")]
    [InlineData(" ")]
    public async Task A_request_that_is_not_json_is_not_put_into_a_body_that_it_could_change(string wrong)
    {
        using var client = Client();

        await client.SendJsonAsync(Osapi.Operations.Command.CommandOperations.Exec, Encoding.UTF8.GetBytes(wrong), "_any", null, Token);

        var request = Assert.Single(handler.Requests);
        Assert.Equal(("http://host/node/_any/command/exec", wrong), (request.Url, request.Body));
    }

    [Fact]
    public async Task A_client_of_an_invoker_gives_it_the_value_of_the_json()
    {
        using var client = Client();
        using OsapiClient around = new((IOperationInvoker)client);

        await around.SendJsonAsync(Osapi.Operations.Docker.DockerOperations.Start, """{ "id" : "web" }"""u8.ToArray(), "_any", null, Token);

        Assert.EndsWith("\"request\":{\"id\":\"web\"}}", Assert.Single(handler.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_that_are_null_are_not_sent()
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.Put, new() { Name = "a" }, cancellationToken: Token);

        Assert.Equal("{}", Assert.Single(handler.Requests).Body);
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a b?c#d%", "a%20b%3Fc%23d%25")]
    [InlineData("../x", "..%2Fx")]
    [InlineData("{name}", "%7Bname%7D")]
    [InlineData("ü😀", "%C3%BC%F0%9F%98%80")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    public async Task Path_values_are_escaped(string name, string escaped)
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.Put, new() { Name = name }, cancellationToken: Token);

        Assert.Equal($"http://host/sample/{escaped}", Assert.Single(handler.Requests).Url);
    }

    [Fact]
    public async Task Any_path_value_comes_out_of_the_path_as_it_went_in() =>
        await Gen.String.Where(name => name is not ("" or "." or "..")).SampleAsync(async name =>
        {
            ScriptedHandler echo = ScriptedHandler.Answering(200, """{"output":"x","changed":false}""");
            using OsapiClient client = new("http://host", "", echo);

            await client.InvokeAsync(SampleOperations.Put, new() { Name = name }, cancellationToken: Token);

            var path = new Uri(echo.Requests[0].Url).AbsolutePath;
            Assert.StartsWith("/sample/", path, StringComparison.Ordinal);
            Assert.Equal(JsonNode.Parse(JsonValue.Create(name).ToJsonString())!.GetValue<string>(), Uri.UnescapeDataString(path["/sample/".Length..]));
        }, iter: 300, threads: 1);

    [Fact]
    public async Task Every_call_to_hosts_has_a_job_id_of_its_own()
    {
        using var client = Client();

        await client.Node.DiskAsync("_all", cancellationToken: Token);
        await client.Node.DiskAsync("_all", cancellationToken: Token);

        var ids = handler.Requests.Select(request => Guid.Parse(request.Url["http://host/job/".Length..])).ToList();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.DoesNotContain(Guid.Empty, ids);
    }

    [Fact]
    public async Task A_job_id_that_is_given_is_kept()
    {
        using var client = Client();
        CallOptions options = new() { JobId = Guid.Parse("0b8d2a53-3f1a-4a7e-9d50-0f8f0f4f6a11") };

        await client.SendAsync(SampleOperations.Run, SampleOperations.Full(), Target.Any, options, Token);
        await client.SendAsync(SampleOperations.Run, SampleOperations.Full(), Target.Any, options, Token);

        Assert.All(handler.Requests, request => Assert.Equal("http://host/job/0b8d2a53-3f1a-4a7e-9d50-0f8f0f4f6a11", request.Url));
        Assert.Equal(2, handler.Requests.Count);
    }

    [Fact]
    public async Task A_call_to_the_controller_makes_no_job()
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.Put, new() { Name = "a" }, cancellationToken: Token);

        Assert.False(Assert.Single(handler.Requests).Headers.ContainsKey("Idempotency-Key"));
    }

    [Fact]
    public async Task The_token_is_sent_with_every_request()
    {
        using var client = Client("secret");

        await client.Node.DiskAsync("_any", cancellationToken: Token);
        await client.InvokeAsync(SampleOperations.Put, new() { Name = "a" }, cancellationToken: Token);

        Assert.All(handler.Requests, request => Assert.Equal("Bearer secret", request.Headers["Authorization"]));
        Assert.All(handler.Requests, request => Assert.Equal("application/json", request.Headers["Accept"]));
    }

    [Fact]
    public async Task The_token_is_sent_even_if_what_carries_the_request_then_fails()
    {
        ScriptedHandler broken = new(_ => throw new HttpRequestException("cable cut"));
        using OsapiClient client = new("http://host", "secret", broken);

        await Assert.ThrowsAsync<ConnectionException>(() => client.Node.DiskAsync("_any", cancellationToken: Token));

        Assert.Equal("Bearer secret", Assert.Single(broken.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task Without_a_token_there_is_no_authorization()
    {
        using var client = Client("");

        await client.Node.DiskAsync("_any", cancellationToken: Token);

        Assert.False(Assert.Single(handler.Requests).Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_call_to_hosts_needs_a_target()
    {
        using var client = Client();

        var exception = await Assert.ThrowsAsync<ArgumentNullException>(() => client.SendAsync(SampleOperations.Run, SampleOperations.Full(), null!, null, Token));

        Assert.Contains("sample.unit.run runs on hosts and needs a target", exception.Message, StringComparison.Ordinal);
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public async Task A_request_and_an_operation_are_needed()
    {
        using var client = Client();

        await Assert.ThrowsAsync<ArgumentNullException>(() => client.SendAsync(null!, new(), null, null, Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => client.SendAsync(SampleOperations.Put, null!, null, null, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(SampleOperations.Put, new PutSample { Name = null! }, null, null, Token));
        Assert.Throws<ArgumentNullException>(() => new OsapiClient((HttpClient)null!));
    }

    private OsapiClient Client(string token = "t") => new("http://host", token, handler);
}
