using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Osapi.Controller.Tests.Limits;

/// <summary>Tests of bodies that are too large, too slow, too many or compressed.</summary>
public sealed class RequestBodyTests() : ControllerTest(new ControllerSetup
{
    Options = options => options with { MaxRequestBytes = Mebibyte, Limits = new() { BodyMemoryBytes = 4 * Mebibyte } },
    Agents = [new("web-01")],
})
{
    private const int Mebibyte = 1 << 20;

    [Theory]
    [InlineData("/job/0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10/cancel", 4 * 1024)]
    [InlineData("/node/web-01/network/ping", 256 * 1024)]
    [InlineData("/node/web-01/file/deploy", Mebibyte)]
    public async Task A_body_may_be_as_large_as_its_operation_can_need(string path, int most)
    {
        Assert.StartsWith("HTTP/1.1 413 ", await fixture.SendRawAsync($"{Head(path)}Content-Length: {most + 1}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await fixture.SendRawAsync($"{Head(path)}Content-Length: {most}\r\nConnection: close\r\n\r\n[{new string(' ', most - 2)}]"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("network.ping.do", 256 * 1024)]
    [InlineData("file.deploy.execute", Mebibyte)]
    public async Task A_request_may_be_as_large_on_the_route_for_any_operation(string operation, int most)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await SubmitAsync(most)).Status);
        (await SubmitAsync(most + 1)).AssertProblem(HttpStatusCode.RequestEntityTooLarge, $"the request of {operation} is too large: {most + 1} bytes, at most {most}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SubmitAsync(Mebibyte + 4096)).Status);

        Task<Answer> SubmitAsync(int length) => fixture.SendAsync(
            "PUT", "/job/0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10", $$"""{"operation":"{{operation}}","target":"web-01","request":[{{new string(' ', length - 2)}}]}""");
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_waited_for_only_so_long()
    {
        await using var client = await SendAsync($"{Head("/node/web-01/file/deploy")}Content-Length: 100\r\n\r\n{{");

        var answer = await fixture.AdvanceUntilAsync(ReadAsync(client), TimeSpan.FromSeconds(10));

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("the body did not arrive in time", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_that_makes_no_progress_is_waited_for_only_so_long()
    {
        await using var client = await SendAsync($"{Head("/file", "multipart/form-data; boundary=b")}Content-Length: 100000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc");

        var answer = await fixture.AdvanceUntilAsync(ReadAsync(client), TimeSpan.FromSeconds(10));

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_that_do_not_end_take_the_place_of_their_own_callers_bodies_only()
    {
        List<NetworkStream> stalled = [];
        // Half of the memory belongs to one caller: two whole bodies, except for the uncounted part.
        for (var i = 0; i < 6; i++)
            stalled.Add(await SendAsync($"{Head("/node/web-01/file/deploy")}Content-Length: {Mebibyte}\r\n\r\n{{{new string(' ', Mebibyte - 2)}"));

        // They arrive in any order: four of them are refused.
        var refused = stalled.Select(ReadAsync).ToList();
        for (var i = 0; i < 4; i++)
        {
            var answer = await Task.WhenAny(refused);
            Assert.StartsWith("HTTP/1.1 429 ", await answer, StringComparison.Ordinal);
            Assert.Contains("Retry-After: 1", await answer, StringComparison.Ordinal);
            refused.Remove(answer);
        }

        var other = fixture.Tokens.Generate("else", ["admin"], [], TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.SendAsync("POST", "/node/web-01/file/deploy", $"[{new string(' ', Mebibyte - 2)}]", token: other)).Status);
        // A small body needs none of it.
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.PostAsync("/node/web-01/file/deploy", "{}")).Status);
        foreach (var client in stalled)
            await client.DisposeAsync();
    }

    [Theory]
    [InlineData("/node/web-01/command/shell", "gzip")]
    [InlineData("/node/web-01/command/shell", "identity, br")]
    [InlineData("/file", "deflate")]
    public async Task A_compressed_body_is_refused(string path, string encoding)
    {
        var type = path == "/file" ? "multipart/form-data; boundary=b" : "application/json";

        var answer = await fixture.SendRawAsync($"{Head(path, type)}Content-Encoding: {encoding}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        Assert.StartsWith("HTTP/1.1 415 ", answer, StringComparison.Ordinal);
        Assert.Contains("Accept-Encoding: identity", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_says_that_it_is_not_compressed_is_read() =>
        Assert.Contains("the request must be a JSON object", await fixture.SendRawAsync($"{Head("/node/web-01/command/shell")}Content-Encoding: Identity\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"), StringComparison.Ordinal);

    private string Head(string path, string type = "application/json") => $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {fixture.Admin}\r\nContent-Type: {type}\r\n";

    private async Task<NetworkStream> SendAsync(string request)
    {
        TcpClient connection = new();
        await connection.ConnectAsync(fixture.Http.BaseAddress!.Host, fixture.Http.BaseAddress.Port, fixture.TestTimeout);
        // What the server sends before it resets the connection can still be read, but no longer through the client.
        var client = connection.GetStream();
        // A refused sender may stop reading.
        _ = client.WriteAsync(Encoding.Latin1.GetBytes(request), fixture.TestTimeout).AsTask().ContinueWith(static written => written.Exception, TaskScheduler.Default);
        return client;
    }

    // The first read returns the head and, of a problem, all of it.
    private async Task<string> ReadAsync(NetworkStream client)
    {
        var buffer = new byte[8192];
        StringBuilder answer = new();
        while (!answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) || !answer.ToString().Contains('}', StringComparison.Ordinal))
        {
            var count = await client.ReadAsync(buffer, fixture.TestTimeout);
            if (count == 0)
                break;
            answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return answer.ToString();
    }
}
