using System.Net;

namespace Osapi.Controller.Tests.Limits;

/// <summary>Tests of the limits of concurrent requests and event streams.</summary>
public sealed class RequestLimitTests() : ControllerTest(new ControllerSetup
{
    Options = options => options with { Limits = new() { MaxRequestsPerCaller = 2, MaxRequests = 3, MaxEventStreamsPerCaller = 2, MaxEventStreams = 3 } },
    Agents = [new("web-01")],
})
{
    [Fact]
    public async Task A_caller_with_too_many_requests_gets_429_and_others_do_not()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(fixture.TestTimeout);
        var running = await StartAsync(2, fixture.Admin, stop.Token);

        var refused = (await fixture.GetAsync("/node/web-01/hostname")).AssertProblem(HttpStatusCode.TooManyRequests, "too many requests at once by this caller; try again later");
        Assert.Equal("urn:osapi:problem:too-many-requests", refused.Json.GetProperty("type").GetString());
        Assert.Equal("1", refused.Message.Headers.RetryAfter!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await fixture.SendAsync("GET", "/agent", token: Other())).Status);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(running));
        await fixture.WaitForNoWaitersAsync();
        while ((await fixture.GetAsync("/agent")).Status != HttpStatusCode.OK)
            fixture.TestTimeout.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task When_all_requests_together_are_too_many_callers_get_503_but_liveness_is_answered()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(fixture.TestTimeout);
        var running = await StartAsync(2, fixture.Admin, stop.Token);
        var other = await StartAsync(1, Other(), stop.Token);

        var refused = (await fixture.SendAsync("GET", "/agent", token: Other())).AssertProblem(HttpStatusCode.ServiceUnavailable, "the controller has too many requests at once; try again later");
        Assert.Equal("1", refused.Message.Headers.RetryAfter!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await fixture.SendAsync("GET", "/health", token: null)).Status);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll([.. running, .. other]));
    }

    [Fact]
    public async Task The_log_names_a_refused_caller_once_and_not_a_thousand_times()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(fixture.TestTimeout);
        var running = await StartAsync(2, fixture.Admin, stop.Token);

        for (var i = 0; i < 20; i++)
            await fixture.GetAsync("/agent");
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await fixture.GetAsync("/agent");

        Assert.Equal(
            [
                "Warning Limit reached: requests; refused subject somebody",
                "Warning Limit reached: requests; refused subject somebody, and 19 more since the last such line",
            ],
            fixture.Logs.Lines.Where(line => line.Contains("Limit reached", StringComparison.Ordinal)).Select(line => line.Split("  ")[0]));
        await stop.CancelAsync();
        // Some have expired meanwhile.
        await Task.WhenAny(Task.WhenAll(running));
    }

    [Fact]
    public async Task Streams_of_events_have_a_limit_of_their_own()
    {
        using var first = await EventLines.OpenAsync(fixture, "/job/events");
        using var second = await EventLines.OpenAsync(fixture, "/job/events");

        using var third = await EventLines.OpenAsync(fixture, "/job/events");
        (await Answer.ReadAsync(third.Response, fixture.TestTimeout)).AssertProblem(HttpStatusCode.TooManyRequests, "too many event streams by this caller; try again later");
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/agent")).Status);
    }

    private async Task<List<Task>> StartAsync(int count, string token, CancellationToken cancellationToken)
    {
        var before = fixture.Waiting;
        List<Task> running = [.. Enumerable.Range(0, count).Select(_ => fixture.SendAsync("GET", "/node/web-01/hostname", token: token, cancellationToken: cancellationToken))];
        await fixture.WaitForWaitersAsync(before + count);
        return running;
    }

    private string Other() => fixture.Tokens.Generate("else", ["admin"], [], TimeSpan.FromHours(1));
}
