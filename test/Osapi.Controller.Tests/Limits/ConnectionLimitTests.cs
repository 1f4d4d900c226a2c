using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Osapi.Controller.Tests.Limits;

/// <summary>Tests of many connections.</summary>
public sealed class ConnectionLimitTests() : ControllerTest(new ControllerSetup
{
    Options = options => options with { Limits = new() { MaxConnections = Most } },
    Agents = [new("web-01")],
})
{
    private const int Most = 8;

    [Fact]
    public async Task Idle_connections_do_not_keep_out_other_callers()
    {
        List<TcpClient> silent = [];
        for (var i = 0; i < 5 * Most; i++)
            silent.Add(await ConnectAsync());

        for (var i = 0; i < 5; i++)
        {
            using ControllerCalls caller = new(fixture.Http.BaseAddress!, fixture.Admin);
            Assert.Equal(HttpStatusCode.OK, await caller.StatusAsync("/agent", fixture.TestTimeout));
        }

        Assert.Contains(fixture.Logs.Lines, line => line.Contains("Limit reached: connections; refused 127.0.0.1", StringComparison.Ordinal));
        // The first ones were closed.
        Assert.True(await IsClosedAsync(silent[0]));
        foreach (var client in silent)
            client.Dispose();
    }

    [Fact]
    public async Task A_connection_with_an_active_request_is_never_closed_for_another()
    {
        List<Task<Answer>> calls = [.. Enumerable.Range(0, Most).Select(_ => fixture.GetAsync("/node/web-01/hostname"))];
        await fixture.WaitForWaitersAsync(Most);

        var refused = await fixture.SendRawAsync("");
        Assert.StartsWith("HTTP/1.1 503 Service Unavailable\r\n", refused, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 1\r\n", refused, StringComparison.Ordinal);
        Assert.Equal(503, System.Text.Json.JsonElement.Parse(refused.Split("\r\n\r\n")[1]).GetProperty("status").GetInt32());

        (await ScriptedAgent.RegisterAsync(fixture, "web-01", [])).AnswersOk();
        foreach (var call in calls)
            (await call).Assert2xx();
    }

    [Fact]
    public async Task A_connection_that_was_used_stays_before_one_that_never_was()
    {
        using var kept = await ConnectAsync();
        await AskAsync(kept);
        List<TcpClient> silent = [];
        for (var i = 0; i < 3 * Most; i++)
            silent.Add(await ConnectAsync());

        await AskAsync(kept);

        foreach (var client in silent)
            client.Dispose();
    }

    private async Task<bool> IsClosedAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], fixture.TestTimeout) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        TcpClient client = new();
        await client.ConnectAsync(fixture.Http.BaseAddress!.Host, fixture.Http.BaseAddress.Port, fixture.TestTimeout);
        return client;
    }

    private async Task AskAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), fixture.TestTimeout);
        var buffer = new byte[4096];
        var answer = "";
        // To the end of the last chunk: the rest of one response would be parsed as the beginning of the next.
        while (!answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal) && await client.GetStream().ReadAsync(buffer, fixture.TestTimeout) is > 0 and var count)
            answer += Encoding.ASCII.GetString(buffer, 0, count);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }
}
