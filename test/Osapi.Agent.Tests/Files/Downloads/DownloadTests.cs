using System.Security.Cryptography;
using System.Text;
using Osapi.Agent.Handlers;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Network;

namespace Osapi.Agent.Tests.Files.Downloads;

/// <summary>Tests of downloads from a server on loopback.</summary>
public sealed class DownloadTests : FileTest
{
    private readonly WebServer server = new();

    private DownloadUrl Request => new() { SourceUrl = server.Address("/app.bin"), Path = fixture.PathOf("app.bin") };

    private static string Sha256(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private protected override async ValueTask StopAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_file_with_a_checksum_is_fetched_once_and_again_only_after_drift()
    {
        server.Serve("/app.bin", "v1");
        var request = Request with { Sha256 = Sha256("v1").ToUpperInvariant(), Mode = "0755" };

        Assert.True((await CheckAsync(request)).Changed);
        Assert.Empty(server.Requests);
        var first = await DownloadAsync(request);
        Assert.Equal((true, 2L, 200, Sha256("v1")), (first.Changed, first.Size, first.HttpStatus!.Value, first.Sha256));
        Assert.Equal(("v1", "0755"), (fixture.Read("app.bin"), OctalMode.Format((int)File.GetUnixFileMode(fixture.PathOf("app.bin")))));
        var snapshot = fixture.Snapshot();
        Assert.False((await CheckAsync(request)).Changed);
        var second = await DownloadAsync(request);
        Assert.Equal((false, null, 2L), (second.Changed, second.HttpStatus, second.Size));
        Assert.Equal(snapshot, fixture.Snapshot());
        Assert.Single(server.Requests);

        fixture.Write("app.bin", "drift");
        Assert.True((await CheckAsync(request)).Changed);
        Assert.Equal(["content"], (await DownloadAsync(request)).Differences!);
        File.SetUnixFileMode(fixture.PathOf("app.bin"), UnixFileMode.UserRead);
        Assert.Equal(["mode"], (await DownloadAsync(request)).Differences!);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Another_content_than_the_checksum_says_replaces_nothing()
    {
        server.Serve("/app.bin", "evil");
        fixture.Write("app.bin", "old");

        var entry = await FailAsync(Request with { Sha256 = Sha256("v1") }, ErrorType.Conflict);

        Assert.Equal($"{fixture.PathOf("app.bin")} is not written: {server.Address("/app.bin")} has the SHA-256 {Sha256("evil")}, and not {Sha256("v1")}", entry.Error);
        AssertOnly("old");
    }

    [Fact]
    public async Task Without_a_checksum_the_server_says_whether_the_file_has_changed()
    {
        var content = "v1";
        server.Answer("/app.bin", request => request.Contains($"If-None-Match: \"{content}\"", StringComparison.Ordinal)
            ? WebServer.Reply("304 Not Modified", "") : WebServer.Reply("200 OK", content, $"ETag: \"{content}\"\r\n"));

        Assert.True((await CheckAsync(Request)).Changed);
        Assert.Equal((true, 200, "\"v1\""), await DownloadAsync(Request) is var first ? (first.Changed, first.HttpStatus!.Value, first.Etag) : default);
        Assert.Null((await CheckAsync(Request)).Changed);
        var snapshot = fixture.Snapshot();
        Assert.Equal((false, 304, 2L), await DownloadAsync(Request) is var second ? (second.Changed, second.HttpStatus!.Value, second.Size) : default);
        Assert.Equal((false, 200), await DownloadAsync(Request with { Force = true }) is var forced ? (forced.Changed, forced.HttpStatus!.Value) : default);
        Assert.Equal(snapshot, fixture.Snapshot());

        content = "v2!";
        Assert.Equal((true, 3L), await DownloadAsync(Request) is var third ? (third.Changed, third.Size) : default);
        // A file that was changed on the host is not the version that the server knows.
        fixture.Write("app.bin", "drift");
        Assert.True((await DownloadAsync(Request)).Changed);
        AssertOnly("v2!");
    }

    [Fact]
    public async Task Without_a_checksum_and_a_version_the_same_bytes_are_no_change()
    {
        server.Serve("/app.bin", "");
        fixture.Write("app.bin", "old");

        Assert.Equal((true, 0L), await DownloadAsync(Request) is var emptied ? (emptied.Changed, emptied.Size) : default);
        var snapshot = fixture.Snapshot();
        Assert.False((await DownloadAsync(Request)).Changed);
        Assert.Equal(snapshot, fixture.Snapshot());
        Assert.True((await CheckAsync(Request with { Mode = "0600" })).Changed);
        Assert.Equal(["mode"], (await DownloadAsync(Request with { Mode = "0600" })).Differences!);
    }

    [Theory]
    [InlineData("{0}\n", true)]
    [InlineData("{0}  other.bin\n{1}  app.bin\n", false)]
    [InlineData("{1}  other.bin\n{0} *dist/app.bin\n", true)]
    [InlineData("# SHA-256\nSHA256 (app.bin) = {0}\n", true)]
    [InlineData("{0}  app.bin.asc\n", null)]
    [InlineData("{0}  app.bin\n{1}  app.bin\n", null)]
    [InlineData("<html>not found</html>", null)]
    public async Task A_list_of_checksums_is_read(string list, bool? isRight)
    {
        server.Serve("/app.bin", "v1");
        server.Serve("/SHA256SUMS", list.Replace("{0}", Sha256("v1"), StringComparison.Ordinal).Replace("{1}", Sha256("v2"), StringComparison.Ordinal));
        var request = Request with { Sha256Url = server.Address("/SHA256SUMS") };

        if (isRight != true)
        {
            Assert.Equal(isRight is null, (await FailAsync(request, ErrorType.Conflict)).Error!.Contains("has no SHA-256 of 'app.bin'", StringComparison.Ordinal));
            return;
        }

        Assert.True((await CheckAsync(request)).Changed);
        Assert.True((await DownloadAsync(request)).Changed);
        Assert.False((await CheckAsync(request)).Changed);
        Assert.False((await DownloadAsync(request)).Changed);
    }

    [Fact]
    public async Task Redirects_are_followed_and_another_server_does_not_get_the_headers()
    {
        await using WebServer other = new();
        server.Answer("/app.bin", _ => WebServer.Redirect("/moved"));
        server.Answer("/moved", _ => WebServer.Redirect(other.Address("/there")));
        other.Serve("/there", "v1");
        var request = Request with { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer s3cret", ["User-Agent"] = "mine/1" } };

        Assert.True((await DownloadAsync(request)).Changed);

        Assert.All(server.Requests, sent => Assert.Contains("Authorization: Bearer s3cret", sent, StringComparison.Ordinal));
        Assert.All(server.Requests, sent => Assert.Contains("User-Agent: mine/1", sent, StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", Assert.Single(other.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/app.bin", "leads to more than 10 redirects")]
    [InlineData("file:///etc/shadow", "redirects to file, which is not followed")]
    [InlineData("http://user:password@127.0.0.1/", "redirects to an address with credentials")]
    public async Task Redirects_that_lead_nowhere_are_refused(string to, string reason)
    {
        server.Answer("/app.bin", _ => WebServer.Redirect(to));

        Assert.Contains(reason, (await FailAsync(Request, ErrorType.Failed)).Error, StringComparison.Ordinal);
        Assert.True(server.Requests.Count <= 11);
    }

    [Theory]
    [InlineData("404 Not Found", ErrorType.NotFound)]
    [InlineData("410 Gone", ErrorType.NotFound)]
    [InlineData("403 Forbidden", ErrorType.Failed)]
    [InlineData("503 Busy", ErrorType.Unavailable)]
    [InlineData("204 No Content", ErrorType.Failed)]
    [InlineData("304 Not Modified", ErrorType.Failed)]
    public async Task A_servers_refusal_is_told_and_nothing_is_written(string status, ErrorType type)
    {
        server.Answer("/app.bin", _ => Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
        fixture.Write("app.bin", "old");

        Assert.EndsWith($"the server answers {status[..3]}", (await FailAsync(Request, type)).Error, StringComparison.Ordinal);
        AssertOnly("old");
    }

    [Fact]
    public async Task Too_much_too_little_and_nonsense_replace_nothing()
    {
        fixture.Write("app.bin", "old");
        server.Serve("/app.bin", new string('x', 2000));
        Assert.EndsWith("has more than 1999 bytes (max_bytes)", (await FailAsync(Request with { MaxBytes = 1999 }, ErrorType.Conflict)).Error, StringComparison.Ordinal);
        server.Answer("/app.bin", _ => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n{new string('x', 2000)}\r\n0\r\n\r\n"));
        Assert.EndsWith("has more than 1999 bytes (max_bytes)", (await FailAsync(Request with { MaxBytes = 1999 }, ErrorType.Conflict)).Error, StringComparison.Ordinal);
        server.Answer("/app.bin", _ => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut off"u8.ToArray());
        Assert.Contains("was not read to its end", (await FailAsync(Request, ErrorType.Unavailable)).Error, StringComparison.Ordinal);
        server.Answer("/app.bin", _ => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"u8.ToArray());
        await FailAsync(Request with { Sha256 = Sha256("hello") }, ErrorType.Unavailable);
        server.Answer("/app.bin", _ => "\u001b[31mSSH-2.0\r\n\r\n"u8.ToArray());
        Assert.DoesNotContain("\u001b", (await FailAsync(Request, ErrorType.Unavailable)).Error, StringComparison.Ordinal);
        AssertOnly("old");
    }

    [Fact]
    public async Task A_server_that_nobody_runs_is_unavailable() =>
        await FailAsync(Request with { SourceUrl = "http://127.0.0.1:1/app.bin" }, ErrorType.Unavailable);

    [Fact]
    public async Task A_silent_server_is_left_when_the_job_is_cancelled()
    {
        fixture.Write("app.bin", "old");
        using CancellationTokenSource cancel = new();
        var running = new OperationExecutor(AgentHandlers.All, fixture.Host).RunAsync(
            FileOperations.DownloadUrl.Id, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Request, FileOperations.DownloadUrl.Request), check: false, cancel.Token);
        await server.Waiting.Task;

        await cancel.CancelAsync();

        Assert.Equal(Outcome.Cancelled, (await running).Outcome);
        AssertOnly("old");
    }

    [Fact]
    public async Task A_certificate_is_verified_and_an_own_authority_can_be_given()
    {
        await using WebServer secure = new(isSecure: true);
        await using WebServer foreign = new(isSecure: true);
        secure.Serve("/app.bin", "v1");
        secure.Answer("/down", _ => WebServer.Redirect(server.Address("/app.bin")));
        var request = Request with { SourceUrl = secure.Address("/app.bin") };

        Assert.Contains("certificate", (await FailAsync(request, ErrorType.Failed)).Error, StringComparison.OrdinalIgnoreCase);
        await FailAsync(request with { Ca = foreign.Ca }, ErrorType.Failed);
        Assert.Contains("ca cannot be read", (await FailAsync(request with { Ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }, ErrorType.Invalid)).Error, StringComparison.Ordinal);
        Assert.Contains("redirects to http, which is not followed from https", (await FailAsync(request with { SourceUrl = secure.Address("/down"), Ca = secure.Ca }, ErrorType.Failed)).Error, StringComparison.Ordinal);
        Assert.DoesNotContain(secure.Requests, sent => sent.StartsWith("GET /app.bin", StringComparison.Ordinal));
        Assert.True((await DownloadAsync(request with { Ca = secure.Ca })).Changed);
        AssertOnly("v1");
    }

    [Fact]
    public async Task Places_where_nothing_may_be_written_are_refused_before_a_server_is_asked()
    {
        server.Serve("/app.bin", "v1");
        File.CreateSymbolicLink(fixture.PathOf("link"), "elsewhere");
        await FailAsync(Request with { Path = fixture.PathOf("link") }, ErrorType.Conflict);
        await FailAsync(Request with { Path = fixture.PathOf("none/app.bin") }, ErrorType.NotFound);
        fixture.Restrictions = new() { Deny = new() { Paths = [fixture.Tree] } };
        await FailAsync(Request, ErrorType.Denied);
        Assert.Empty(server.Requests);

        fixture.Restrictions = new();
        await DownloadAsync(Request with { Path = fixture.PathOf("new/deep/app.bin"), CreateParents = true });
        Assert.Equal("v1", fixture.Read("new/deep/app.bin"));
    }

    [Fact]
    public async Task All_mistakes_are_named()
    {
        var headers = new Dictionary<string, string> { ["Host"] = "x", ["X Y"] = "z", ["X-A"] = "a\r\nX-B: b" };

        var error = (await FailAsync(Request with { Sha256 = Sha256(""), Sha256Url = Request.SourceUrl, Headers = headers, Ca = "x" }, ErrorType.Invalid)).Error;

        Assert.Equal(
            "sha256_url must not be given together with sha256; ca must be certificates in PEM: -----BEGIN CERTIFICATE-----; headers must not contain Host, which the request itself has; headers must have names of letters, digits and -; headers must have values of at most 8192 printable ASCII characters, and X-A has not",
            error);
        foreach (var address in (string[])["ftp://a/b", "https://user:password@a/b", "https:///x", "http://a/b#c", "https://a/\n", "http://[::1"])
            Assert.Null(Osapi.Operations.Json.Text.TryParse<WebAddress>(address));
    }

    private void AssertOnly(string content)
    {
        Assert.Equal(content, fixture.Read("app.bin"));
        Assert.Equal(["app.bin"], Directory.GetFileSystemEntries(fixture.Tree).Select(Path.GetFileName));
        if (Directory.Exists(fixture.State + "/spool"))
            Assert.Empty(Directory.GetFileSystemEntries(fixture.State + "/spool"));
    }

    private Task<DownloadResult> DownloadAsync(DownloadUrl request) => fixture.ResultAsync(FileOperations.DownloadUrl, request);

    private async Task<CheckResult> CheckAsync(DownloadUrl request) => (await fixture.RunAsync(FileOperations.DownloadUrl, request, check: true)).Check!;

    private async Task<HostReply> FailAsync(DownloadUrl request, ErrorType type)
    {
        var entry = await fixture.RunAsync(FileOperations.DownloadUrl, request);
        Assert.Equal((Outcome.Failed, type, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        return entry;
    }
}
