using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Operations;
using Osapi.Operations.Sample;

namespace Osapi.Client.Tests;

/// <summary>Tests with real sockets.</summary>
public sealed class ConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_controller_that_is_not_there_is_named()
    {
        var port = UnusedPort();
        using OsapiClient client = new($"http://127.0.0.1:{port}", "secret-token");

        var exception = await Assert.ThrowsAsync<ConnectionException>(() => client.Node.DiskAsync("_any", cancellationToken: Token));

        Assert.Equal($"http://127.0.0.1:{port} cannot be reached: Connection refused", exception.Message);
        Assert.Equal(new($"http://127.0.0.1:{port}/"), exception.Url);
        Assert.IsType<HttpRequestException>(exception.InnerException);
        Assert.DoesNotContain("secret-token", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"job_id\":")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"job\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")]
    public async Task An_incomplete_answer_is_distinguished_from_an_unreachable_controller(string bytes)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeOnceAsync();
        using OsapiClient client = new($"http://{listener.LocalEndpoint}", "t");

        var exception = await Assert.ThrowsAsync<ConnectionException>(() => client.InvokeAsync(SampleOperations.Put, new() { Name = "a" }, cancellationToken: Token));
        await serving;

        Assert.StartsWith($"http://{listener.LocalEndpoint} closed the connection before its response was complete: ", exception.Message, StringComparison.Ordinal);

        async Task ServeOnceAsync()
        {
            using var socket = await listener.AcceptSocketAsync(Token);
            await socket.ReceiveAsync(new byte[4096], Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(bytes), Token);
            socket.Shutdown(SocketShutdown.Both);
        }
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once_and_cancels_its_job()
    {
        TaskCompletionSource<string> started = new(), cancelled = new();
        await using var server = await StartAsync(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/cancel", StringComparison.Ordinal))
            {
                cancelled.SetResult($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization}");
                return;
            }

            started.SetResult(context.Request.Path.Value["/job/".Length..]);
            TaskCompletionSource dropped = new();
            await using var _ = context.RequestAborted.Register(dropped.SetResult);
            await dropped.Task;
        });
        using OsapiClient client = new(server.Urls.Single(), "secret");
        using CancellationTokenSource source = new();

        var call = client.Node.DiskAsync("_any", cancellationToken: source.Token);
        var jobId = await started.Task.WaitAsync(Token);
        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call)).CancellationToken);
        Assert.Equal($"POST /job/{jobId}/cancel Bearer secret", await cancelled.Task.WaitAsync(Token));
    }

    [Fact]
    public async Task A_cancelled_call_of_the_controller_has_no_job_to_cancel()
    {
        using CancellationTokenSource source = new();
        ScriptedHandler handler = new(_ =>
        {
            source.Cancel();
            throw new OperationCanceledException(source.Token);
        });
        using OsapiClient client = new("http://host", "t", handler);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Health.LivenessAsync(cancellationToken: source.Token));

        Assert.Single(handler.Requests);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_begins_sends_nothing()
    {
        var handler = ScriptedHandler.Answering(200, "{}");
        using OsapiClient client = new("http://host", "t", handler);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Node.DiskAsync("_any", cancellationToken: new(canceled: true)));

        Assert.Empty(handler.Requests);
    }

    [Fact]
    public async Task A_cancelled_call_stays_cancelled_when_the_controller_is_unreachable()
    {
        using CancellationTokenSource source = new();
        ScriptedHandler handler = new(received =>
        {
            source.Cancel();
            throw received.Url.EndsWith("/cancel", StringComparison.Ordinal) ? new HttpRequestException("gone") : new OperationCanceledException(source.Token);
        });
        using OsapiClient client = new("http://host", "t", handler);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Node.DiskAsync("_any", cancellationToken: source.Token));

        Assert.Equal(2, handler.Requests.Count);
    }

    [Fact]
    public async Task Fifty_megabytes_arrive_whole()
    {
        var output = new string('x', 50_000_000);
        await using var server = await StartAsync(context =>
            context.Response.WriteAsync($$"""{"job_id":"7","results":[{"hostname":"a","outcome":"ok","changed":true,"output":"{{output}}"}]}""", Token));
        using OsapiClient client = new(server.Urls.Single(), "t");

        var answer = await client.InvokeAsync(SampleOperations.Run, SampleOperations.Full(), "_any", cancellationToken: Token);

        Assert.True(output == answer.Hosts[0].Result!.Output);
        Assert.InRange(answer.RawJson!.Length, 50_000_000, 50_001_000);
    }

    [Fact]
    public async Task A_thousand_hosts_answer_in_one_collection()
    {
        var entries = string.Join(',', Enumerable.Range(0, 1000).Select(i => $$"""{"hostname":"web-{{i}}","outcome":"ok","changed":true,"output":"{{i}}"}"""));
        await using var server = await StartAsync(context => context.Response.WriteAsync($$"""{"job_id":"7","results":[{{entries}}]}""", Token));
        using OsapiClient client = new(server.Urls.Single(), "t");

        var answer = await client.InvokeAsync(SampleOperations.Run, SampleOperations.Full(), "_all", cancellationToken: Token);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), answer.Hosts.Select(result => result.Result!.Output));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var paths = new List<string>();
        await using var server = await StartAsync(context =>
        {
            paths.Add(context.Request.Path);
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        ServiceCollection services = new();
        services.AddOsapiClient(options => options.BaseUrl = new(server.Urls.Single()));
        await using var provider = services.BuildServiceProvider();
        using OsapiClient client = new(server.Urls.Single(), "t");

        Assert.Equal(302, (await Assert.ThrowsAsync<UnexpectedStatusException>(() => client.Health.LivenessAsync(cancellationToken: Token))).StatusCode);
        Assert.Equal(302, (await Assert.ThrowsAsync<UnexpectedStatusException>(() => provider.GetRequiredService<OsapiClient>().Health.LivenessAsync(cancellationToken: Token))).StatusCode);
        Assert.Equal(["/health", "/health"], paths);
    }

    [Fact]
    public async Task A_sent_request_arrives_unchanged()
    {
        var target = "";
        System.Text.Json.Nodes.JsonNode? body = null;
        await using var server = await StartAsync(async context =>
        {
            target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            body = await System.Text.Json.Nodes.JsonNode.ParseAsync(context.Request.Body, cancellationToken: Token);
            await context.Response.WriteAsync("""{"output":"x","changed":false}""", Token);
        });
        using OsapiClient client = new(server.Urls.Single() + "/api", "t");

        await client.InvokeAsync(SampleOperations.Put, new() { Name = "a/b ü", Content = "\"<ü😀>\0\n" }, cancellationToken: Token);

        Assert.Equal("/api/sample/a%2Fb%20%C3%BC", target);
        Assert.Equal("\"<ü😀>\0\n", body!["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_large_request_of_hosts_arrives_byte_for_byte_with_its_length()
    {
        var request = $$"""{"command":"true","stdin":"{{new string('x', 5_000_000)}}\u0041"}""";
        (long? Length, string Body) received = default;
        await using var server = await StartAsync(async context =>
        {
            using StreamReader reader = new(context.Request.Body);
            received = (context.Request.ContentLength, await reader.ReadToEndAsync(Token));
            await context.Response.WriteAsync("""{"job_id":"7","results":[]}""", Token);
        });
        using OsapiClient client = new(server.Urls.Single(), "t");

        await client.SendJsonAsync(Operations.Command.CommandOperations.Shell, Encoding.UTF8.GetBytes(request), "_all", null, Token);

        var body = $$"""{"operation":"command.shell.execute","target":"_all","request":{{request}}}""";
        Assert.True(body == received.Body);
        Assert.Equal(body.Length, received.Length);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Token);
        return server;
    }

    private static int UnusedPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
