using System.Text.Json;
using Osapi.Agent.Tests.Files;
using Osapi.Agent.Tests.Files.Downloads;
using Osapi.Operations;
using Osapi.Operations.Http;

namespace Osapi.Agent.Tests.Http;

/// <summary>Tests of questions to web servers on loopback.</summary>
public sealed class CheckHttpTests : FileTest
{
    private readonly WebServer server = new();

    private CheckHttp Request => new() { Address = server.Address("/health"), Timeout = 1 };

    private protected override async ValueTask StopAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_server_that_starts_later_is_waited_for()
    {
        var asked = 0;
        server.Answer("/health", _ => Interlocked.Increment(ref asked) < 3 ? WebServer.Reply("503 Service Unavailable", "") : WebServer.Reply("200 OK", "up", "Content-Type: text/plain\r\n"));

        var result = Result(await AskAsync(Request with { Timeout = 60 }));

        Assert.Equal((200, 3, "text/plain", null, null), (result.HttpStatus, result.Attempts, result.ContentType, result.FinalAddress, result.CertificateExpiresAt));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_stays_ill_is_a_timeout_with_the_last_reason()
    {
        server.Answer("/health", _ => WebServer.Reply("503 Service Unavailable", "secret"));

        var reply = await AskAsync(Request);

        Assert.Equal((Outcome.Failed, ErrorType.Timeout, false), (reply.Outcome, reply.ErrorType, reply.Changed));
        Assert.Equal($"{Request.Address} does not answer as expected after 1 s and 1 attempt: answers 503", reply.Error);
    }

    [Fact]
    public async Task Nobody_there_is_a_reason()
    {
        var reply = await AskAsync(new() { Address = "http://127.0.0.1:1/", Timeout = 1 });

        Assert.Equal("http://127.0.0.1:1/ does not answer as expected after 1 s and 1 attempt: cannot be fetched: Connection refused", reply.Error);
    }

    [Fact]
    public async Task A_status_that_is_expected_is_a_success_whatever_it_is()
    {
        server.Answer("/health", _ => WebServer.Reply("401 Unauthorized", ""));

        Assert.Equal(401, Result(await AskAsync(Request with { Statuses = [200, 401] })).HttpStatus);
        Assert.EndsWith(": answers 401", (await AskAsync(Request with { Statuses = [200] })).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_content_is_compared_and_not_repeated()
    {
        server.Serve("/health", "status=broken");

        Result(await AskAsync(Request with { Contains = "status=\\w+" }));
        var reply = await AskAsync(Request with { Contains = "status=up" });

        Assert.EndsWith(": the content does not contain the text", reply.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/status", "up", null)]
    [InlineData("/checks/1/ok", "true", null)]
    [InlineData("/a~1b", "1.50", null)]
    [InlineData("/none", "null", null)]
    [InlineData("/checks/2/ok", "true", "the content has no /checks/2/ok")]
    [InlineData("/checks/01/ok", "true", "the content has no /checks/01/ok")]
    [InlineData("/status", "down", "/status in the content is another value")]
    public async Task Values_of_json_are_compared_by_pointers(string at, string value, string? reason)
    {
        server.Serve("/health", """{"status":"up","checks":[{"ok":false},{"ok":true}],"a/b":1.50,"none":null}""");

        var reply = await AskAsync(Request with { JsonValues = new Dictionary<string, string> { [at] = value } });

        Assert.Equal(reason, reply.Error?.Split("attempt: ")[1]);
    }

    [Fact]
    public async Task Content_that_is_no_json_is_a_reason()
    {
        server.Serve("/health", "<html>");

        Assert.EndsWith(": the content of 6 bytes is not JSON", (await AskAsync(Request with { JsonValues = new Dictionary<string, string> { ["/status"] = "up" } })).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_does_not_end_is_not_read_to_its_end()
    {
        server.Serve("/health", new string('x', 2 * 1024 * 1024));

        Assert.EndsWith(": the content is larger than 1 MiB, and is not searched", (await AskAsync(Request with { Contains = "y" })).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_takes_as_long_as_an_attempt_may()
    {
        var asking = AskAsync(new() { Address = server.Address("/silent"), Timeout = 2, AttemptTimeout = 1 });
        await server.Waiting.Task;

        Assert.Contains(": no answer within 1 s", (await asking).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_followed_unless_they_are_the_answer()
    {
        server.Serve("/new", "here");
        server.Answer("/health", _ => WebServer.Redirect("/new"));

        var followed = Result(await AskAsync(Request));
        var first = Result(await AskAsync(Request with { FollowRedirects = false, Statuses = [302] }));

        Assert.Equal((200, server.Address("/new")), (followed.HttpStatus, followed.FinalAddress));
        Assert.Equal((302, null), (first.HttpStatus, first.FinalAddress));
    }

    [Fact]
    public async Task A_head_request_asks_for_no_content()
    {
        server.Answer("/health", _ => WebServer.Reply("200 OK", ""));

        Result(await AskAsync(Request with { Method = HttpCheckMethod.Head, Headers = new Dictionary<string, string> { ["X-Probe"] = "1" } }));

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("HEAD /health ", request, StringComparison.Ordinal);
        Assert.Contains("X-Probe: 1\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_server_of_a_name_is_asked_under_that_name()
    {
        server.Serve("/health", "up");
        var port = new Uri(server.Address("/")).Port;

        Result(await AskAsync(Request with { Address = $"http://web.example.invalid:{port}/health", ConnectTo = "127.0.0.1" }));

        Assert.Contains($"Host: web.example.invalid:{port}\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_another_host_leaves_the_server_that_was_named()
    {
        var port = new Uri(server.Address("/")).Port;
        server.Serve("/there", "wrong");
        // Nobody listens on that address.
        server.Answer("/health", _ => WebServer.Redirect($"http://127.0.0.2:{port}/there"));

        var reply = await AskAsync(Request with { Address = $"http://web.example.invalid:{port}/health", ConnectTo = "127.0.0.1" });

        Assert.EndsWith($"http://127.0.0.2:{port}/there cannot be fetched: Connection refused", reply.Error, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Certificates_are_verified_and_their_end_is_told()
    {
        await using WebServer secure = new(isSecure: true);
        secure.Serve("/health", "up");
        var request = Request with { Address = secure.Address("/health"), Timeout = 10, Interval = 10 };

        var untrusted = await AskAsync(request);
        var trusted = Result(await AskAsync(request with { Ca = secure.Ca }));
        var unverified = Result(await AskAsync(request with { ValidateCertificate = false }));
        var notPem = await AskAsync(request with { Ca = "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----", Timeout = 3600 });

        Assert.EndsWith(": cannot be fetched: its certificate is not valid: UntrustedRoot", untrusted.Error, StringComparison.Ordinal);
        Assert.All((HttpCheckResult[])[trusted, unverified], result => Assert.InRange(result.CertificateExpiresAt!.Value, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(2)));
        Assert.Equal(ErrorType.Invalid, notPem.ErrorType);
    }

    [Fact]
    public async Task A_check_asks_once()
    {
        server.Answer("/health", _ => WebServer.Reply("503 Service Unavailable", ""));

        var reply = await fixture.RunAsync(HttpOperations.Check, Request with { Timeout = 3600 }, check: true);

        Assert.Equal((ErrorType.Conflict, $"{Request.Address} does not answer as expected at present: answers 503"), (reply.ErrorType, reply.Error));
        Assert.Single(server.Requests);
    }

    // Its time goes by as long as it waits, at half the speed: an answer of a busy machine is not late.
    private async Task<HostReply> AskAsync(CheckHttp request)
    {
        var asking = fixture.RunAsync(HttpOperations.Check, request);
        while (await Task.WhenAny(asking, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken)) != asking)
            fixture.Time.Advance(TimeSpan.FromMilliseconds(25));
        return await asking;
    }

    private static HttpCheckResult Result(HostReply reply)
    {
        Assert.Equal((Outcome.Ok, null, false), (reply.Outcome, reply.Error, reply.Changed));
        return reply.Result!.Value.Deserialize(HttpOperations.Check.Result)!;
    }
}
