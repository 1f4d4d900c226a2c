using System.Net;
using System.Text;
using Osapi.Operations;
using Osapi.Operations.Network;

namespace Osapi.Client.Tests;

/// <summary>Tests of calls on lists of hosts, and of reports of hosts that have ended.</summary>
public sealed class HostListTests
{
    private const string Id = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10";
    private const string Answer = $$"""{"job_id":"{{Id}}","results":[{"hostname":"a","outcome":"ok","changed":false},{"hostname":"b","outcome":"expired","changed":false,"reachable":false},{"hostname":"c","outcome":"running","changed":false}]}""";

    private static readonly PingHost Request = new() { Address = "192.0.2.1" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_is_sent_as_its_hosts_and_a_list_of_one_as_that_host()
    {
        var handler = ScriptedHandler.Answering(200, Answer);
        using OsapiClient client = new("http://host/base/", "t", handler);
        CallOptions options = new() { JobId = JobId.Parse(Id), Check = true, StartWithin = TimeSpan.FromSeconds(2.5), CancelOnDisconnect = true };

        await client.Network.PingAsync(Target.OfHosts("b", "a", "B"), Request, options, Token);
        await client.Network.PingAsync(Target.OfHosts("b"), Request, new() { JobId = options.JobId }, Token);
        await client.Network.PingAsync(Target.OfHosts("b", "a"), Request, cancellationToken: Token);

        Assert.Equal(("PUT", $"http://host/base/job/{Id}"), (handler.Requests[0].Method, handler.Requests[0].Url));
        Assert.Equal(
            """{"operation":"network.ping.do","hosts":["a","b"],"check":true,"start_within":2.5,"cancel_on_disconnect":true,"request":{"address":"192.0.2.1"}}""",
            handler.Requests[0].Body);
        Assert.Equal("""{"operation":"network.ping.do","target":"b","request":{"address":"192.0.2.1"}}""", handler.Requests[1].Body);
        Assert.Equal("""{"operation":"network.ping.do","hosts":["a","b"],"request":{"address":"192.0.2.1"}}""", handler.Requests[2].Body);
        Assert.NotEqual(handler.Requests[0].Url, handler.Requests[2].Url);
    }

    [Fact]
    public async Task Hosts_are_reported_from_the_events_and_then_from_the_answer_each_once()
    {
        const string Event = """{"sequence":7,"job_id":"0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10","timestamp":"2026-01-02T03:04:05Z","event":"completed","hostname":"A","status":"processing","outcome":"ok","reply":{"hostname":"A","outcome":"ok","changed":true}}""";
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FollowedHandler handler = new(first.Task, $"id: 7\nevent: completed\ndata: {Event}\n\n");
        using OsapiClient client = new("http://host", "t", handler);
        List<HostReply> ended = [];

        var reply = await client.Network.PingAsync(Target.OfHosts("a", "b", "c"), Request, new() { HostEnded = Report }, Token);

        Assert.Equal(["A True ", "b False False"], ended.Select(host => $"{host.Hostname} {host.Changed} {host.Reachable}"));
        Assert.Equal([null, false, null], reply.Hosts.Select(host => host.Reachable));
        Assert.EndsWith("/events?replies=true", handler.Followed, StringComparison.Ordinal);

        void Report(HostReply host)
        {
            ended.Add(host);
            first.TrySetResult();
        }
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Following_may_fail(int status)
    {
        ScriptedHandler handler = new(request => request.Url.EndsWith("/events?replies=true", StringComparison.Ordinal)
            ? new((HttpStatusCode)status) { Content = new StringContent("{}") }
            : new(HttpStatusCode.OK) { Content = new StringContent(Answer) });
        using OsapiClient client = new("http://host", "t", handler);
        List<string> ended = [];

        await client.Network.PingAsync(Target.All, Request, new() { HostEnded = host => ended.Add(host.Hostname) }, Token);

        Assert.Equal(["a", "b"], ended);
    }

    // Answers the call after the events have been read.
    private sealed class FollowedHandler(Task answer, string events) : HttpMessageHandler
    {
        public string? Followed { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get)
            {
                Followed = request.RequestUri!.AbsoluteUri;
                return new(HttpStatusCode.OK) { Content = new StringContent(events, Encoding.UTF8, "text/event-stream") };
            }

            await answer.WaitAsync(cancellationToken);
            return new(HttpStatusCode.OK) { Content = new StringContent(Answer) };
        }
    }
}
