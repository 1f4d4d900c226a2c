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
        Content = new StringContent(received.Method == "PUT" ? """{"output":"x","changed":false}""" : """{"job_id":"7","results":[]}"""),
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://host:8080", "http://host:8080/node/_any/hostname")]
    [InlineData("http://host:8080/", "http://host:8080/node/_any/hostname")]
    [InlineData("http://host:8080/api", "http://host:8080/api/node/_any/hostname")]
    [InlineData("https://host/api/v1/", "https://host/api/v1/node/_any/hostname")]
    [InlineData("http://user:password@host:8080/api", "http://host:8080/api/node/_any/hostname")]
    [InlineData("http://host/a%2Fb", "http://host/a%2Fb/node/_any/hostname")]
    [InlineData("http://host/api?x=1#y", "http://host/api/node/_any/hostname")]
    public async Task Paths_are_joined_to_the_base(string baseUrl, string url)
    {
        using OsapiClient client = new(baseUrl, "t", handler);
        using OsapiClient prepared = new(new HttpClient(handler) { BaseAddress = new(baseUrl) });

        await client.Node.HostnameAsync("_any", cancellationToken: Token);
        await prepared.Node.HostnameAsync("_any", cancellationToken: Token);

        Assert.Equal([url, url], handler.Requests.Select(request => request.Url));
        Assert.Equal(url, client.BaseUrl + "node/_any/hostname");
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
    public async Task Members_of_the_route_are_in_the_path_and_the_rest_in_the_body()
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.Run, new() { Unit = "a@b:c.service", Command = "ls", Args = ["x"], Timeout = 5 }, "group:web.dev", cancellationToken: Token);

        var request = Assert.Single(handler.Requests);
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

        await client.SendJsonAsync(Osapi.Operations.Command.CommandOperations.Exec, Encoding.UTF8.GetBytes(Json), "_any", null, Token);
        await client.SendJsonAsync(Osapi.Operations.Docker.DockerOperations.Exec, """{"command" : ["ls"],"id":"web/1"}"""u8.ToArray(), "_any", null, Token);

        Assert.Equal(
            [("http://host/node/_any/command/exec", Json), ("http://host/node/_any/container/docker/web%2F1/exec", """{"command":["ls"]}""")],
            handler.Requests.Select(request => (request.Url, request.Body!)));
        Assert.All(handler.Requests, request => Assert.Equal("application/json", request.Headers["Content-Type"]));
    }

    [Fact]
    public async Task A_client_of_an_invoker_gives_it_the_value_of_the_json()
    {
        using var client = Client();
        using OsapiClient around = new((IOperationInvoker)client);

        await around.SendJsonAsync(Osapi.Operations.Docker.DockerOperations.Start, """{"id":"web"}"""u8.ToArray(), "_any", null, Token);

        Assert.Equal("http://host/node/_any/container/docker/web/start", Assert.Single(handler.Requests).Url);
    }

    [Fact]
    public async Task Members_that_are_null_are_not_sent()
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.Put, new() { Name = "a" }, cancellationToken: Token);

        Assert.Equal("{}", Assert.Single(handler.Requests).Body);
    }

    [Fact]
    public async Task Without_a_body_the_rest_is_in_the_query()
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.List, new() { Unit = "u", Limit = 5, Names = ["a b", "c&d=e", "ü"], All = true }, "web-01", cancellationToken: Token);

        var request = Assert.Single(handler.Requests);
        Assert.Equal("http://host/node/web-01/sample/u?limit=5&names=a%20b&names=c%26d%3De&names=%C3%BC&all=true", request.Url);
        Assert.Null(request.Body);
    }

    [Fact]
    public async Task Nothing_in_the_query_is_no_query()
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.List, new() { Unit = "u" }, "web-01", cancellationToken: Token);

        Assert.Equal("http://host/node/web-01/sample/u", Assert.Single(handler.Requests).Url);
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

        var ids = handler.Requests.Select(request => Guid.Parse(request.Headers["Idempotency-Key"])).ToList();
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

        Assert.All(handler.Requests, request => Assert.Equal("0b8d2a53-3f1a-4a7e-9d50-0f8f0f4f6a11", request.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task A_call_to_the_controller_makes_no_job()
    {
        using var client = Client();

        await client.InvokeAsync(SampleOperations.Put, new() { Name = "a" }, cancellationToken: Token);

        Assert.False(Assert.Single(handler.Requests).Headers.ContainsKey("Idempotency-Key"));
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(3600, "3600")]
    [InlineData(1.5, "1.5")]
    public async Task How_long_a_host_may_take_to_start_is_in_the_query(double seconds, string text)
    {
        using var client = Client();
        CallOptions options = new() { StartWithin = TimeSpan.FromSeconds(seconds) };

        await client.SendAsync(SampleOperations.Run, SampleOperations.Full(), Target.Any, options, Token);
        await client.SendAsync(SampleOperations.List, new ListSamples { Unit = "u", Limit = 1 }, Target.Any, options, Token);

        Assert.Equal(
            [$"http://host/node/_any/sample/nginx.service/run?start_within={text}", $"http://host/node/_any/sample/u?start_within={text}&limit=1"],
            handler.Requests.Select(request => request.Url));
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
