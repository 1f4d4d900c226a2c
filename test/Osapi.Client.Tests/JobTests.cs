using System.Net;
using System.Text;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Client.Tests;

/// <summary>Tests of the job calls.</summary>
public sealed class JobTests
{
    private const string Id = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_retry_chooses_the_id_of_the_new_job_and_names_the_target_when_one_is_given()
    {
        var handler = ScriptedHandler.Answering(201, $$"""{"job_id":"{{Id}}","status":"created","revision":7,"timestamp":"2026-01-02T03:04:05Z","retry_of":"0000000c-0000-7000-8000-000000000000"}""");
        using OsapiClient client = new("http://host", "t", handler);

        var created = await client.Job.RetryAsync(JobId.Parse(Id), cancellationToken: Token);
        await client.Job.RetryAsync(JobId.Parse(Id), "group:web", cancellationToken: Token);

        Assert.Equal((Id, 7L, "0000000c-0000-7000-8000-000000000000"), (created.JobId.ToString(), created.Revision, created.RetryOf?.ToString()));
        Assert.Equal(["{}", """{"target_hostname":"group:web"}"""], handler.Requests.Select(request => request.Body));
        Assert.All(handler.Requests, request => Assert.Equal($"http://host/job/{Id}/retry", request.Url));
        Assert.Equal(2, handler.Requests.Select(request => Guid.Parse(request.Headers["Idempotency-Key"])).Distinct().Count());
    }

    [Fact]
    public async Task A_deletion_has_no_answer_but_its_status()
    {
        var handler = ScriptedHandler.Answering(204, null);
        using OsapiClient client = new("http://host", "t", handler);

        await client.Job.DeleteAsync(JobId.Parse(Id), cancellationToken: Token);

        Assert.Equal(("DELETE", $"http://host/job/{Id}"), (handler.Requests.Single().Method, handler.Requests.Single().Url));
        await Assert.ThrowsAsync<UnexpectedStatusException>(() => client.Health.LivenessAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Unknown_values_of_a_newer_controller_are_read_as_unknown_or_failed()
    {
        const string Detail = """
            {"id":"0000000a-0000-7000-8000-000000000000","status":"paused","target":"_all","operation":{"type":"moon.land","data":{}},"newer":[1],
             "responses":{"web-01":{"hostname":"web-01","status":"deferred","outcome":"deferred","error_type":"tired","newer":{}},"web-02":{"hostname":"web-02","status":"completed","outcome":"ok"}},
             "timeline":[{"timestamp":"2026-01-02T03:04:05Z","event":"paused","message":"Paused","newer":1}]}
            """;
        ScriptedHandler handler = new(request => Json(request.Url.EndsWith("/job/a", StringComparison.Ordinal) || request.Url.Contains(Id, StringComparison.Ordinal)
            ? Detail
            : """{"total_items":1,"status_counts":{"paused":1},"items":[{"id":"0000000a-0000-7000-8000-000000000000","status":"paused","target":"_any","operation":{"type":"moon.land","data":{}}}]}"""));
        using OsapiClient client = new("http://host", "t", handler);

        var job = await client.Job.GetAsync(JobId.Parse(Id), cancellationToken: Token);
        var list = await client.Job.ListAsync(cancellationToken: Token);

        Assert.Equal((JobStatus.Failed, Outcome.Unknown, ErrorType.Failed), (job.Status, job.Responses["web-01"].Outcome, job.Responses["web-01"].ErrorType));
        Assert.Equal((Outcome.Ok, "paused"), (job.Responses["web-02"].Outcome, job.Timeline.Single().Event));
        Assert.Equal((JobStatus.Failed, 1), (list.Items.Single().Status, list.StatusCounts["paused"]));
        Assert.Equal(JobStatus.Failed, JobUpdate.Read("""{"sequence":1,"job_id":"0000000a-0000-7000-8000-000000000000","timestamp":"2026-01-02T03:04:05Z","event":"paused","message":"","status":"paused","outcome":"deferred"}"""u8)!.Status);
    }

    [Fact]
    public async Task All_pages_are_read_by_cursor()
    {
        ScriptedHandler handler = new(request => Json(request.Url.Contains("cursor=9", StringComparison.Ordinal)
            ? $$"""{"total_items":2,"items":[{{Item("0000000b-0000-7000-8000-000000000000")}}]}"""
            : $$"""{"total_items":2,"items":[{{Item("0000000a-0000-7000-8000-000000000000")}}],"next_cursor":9}"""));
        using OsapiClient client = new("http://host", "t", handler);
        List<string> ids = [];

        await foreach (var job in client.Job.ListAllAsync(new() { Caller = "me", Offset = 5 }, Token))
            ids.Add(job.Id.ToString());

        Assert.Equal(["0000000a-0000-7000-8000-000000000000", "0000000b-0000-7000-8000-000000000000"], ids);
        Assert.Equal(["http://host/job?caller=me&limit=100&offset=5", "http://host/job?caller=me&limit=100&cursor=9"], handler.Requests.Select(request => request.Url));

        static string Item(string id) => $"{{\"id\":\"{id}\",\"target\":\"_any\",\"operation\":{{\"type\":\"node.hostname.get\",\"data\":{{}}}}}}";
    }

    [Fact]
    public async Task A_call_can_ask_for_its_job_to_end_with_the_connection()
    {
        var handler = ScriptedHandler.Answering(200, """{"job_id":"0000000c-0000-7000-8000-000000000000","results":[]}""");
        using OsapiClient client = new("http://host", "t", handler);

        await client.SendAsync(Osapi.Operations.Node.NodeOperations.Hostname, new Osapi.Operations.Node.GetHostname(), Target.Any, new() { CancelOnDisconnect = true }, Token);

        Assert.Equal("""{"operation":"node.hostname.get","target":"_any","cancel_on_disconnect":true,"request":{}}""", handler.Requests.Single().Body);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_taken_up_after_the_last_event_and_ends_with_the_job()
    {
        string[] answers =
        [
            $"{Event(3, "submitted", "submitted")}: nothing new\n\n{Event(5, "started", "processing")}id: 6\nevent: comple",
            $"{Event(7, "something_new", "processing")}event: unknown\ndata: not json\n\n",
            $"{Event(8, "completed", "completed")}event: end\ndata: {{}}\n\n{Event(9, "never", "completed")}",
        ];
        var (request, turn) = (new List<string>(), 0);
        ScriptedHandler handler = new(received =>
        {
            request.Add(received.Headers.GetValueOrDefault("Last-Event-ID", "-"));
            return new(HttpStatusCode.OK) { Content = new StringContent(answers[turn++], Encoding.UTF8, "text/event-stream") };
        });
        using OsapiClient client = new("http://host", "t", handler);
        List<string> seen = [];

        await foreach (var update in client.Job.WatchAsync(JobId.Parse(Id), cancellationToken: Token))
            seen.Add($"{update.Sequence} {update.Event} {update.Status}");

        Assert.Equal(["3 submitted Submitted", "5 started Processing", "7 something_new Processing", "8 completed Completed"], seen);
        Assert.Equal(["-", "5", "7"], request);
        Assert.All(handler.Requests, received => Assert.Equal($"http://host/job/{Id}/events", received.Url));

        static string Event(long id, string kind, string status) =>
            $"id: {id}\nevent: {kind}\ndata: {{\"sequence\":{id},\"job_id\":\"{Id}\",\"event\":\"{kind}\",\"status\":\"{status}\"}}\n\n";
    }

    [Fact]
    public async Task A_resumed_stream_of_an_ended_job_has_no_more_events()
    {
        var handler = ScriptedHandler.Answering(204, null);
        using OsapiClient client = new("http://host", "t", handler);

        await foreach (var update in client.Job.WatchAsync(JobId.Parse(Id), after: 7, Token))
            Assert.Fail(update.Event);

        Assert.Equal("7", handler.Requests.Single().Headers["Last-Event-ID"]);
    }

    [Fact]
    public async Task An_unreachable_or_refusing_controller_is_reported_at_once()
    {
        using OsapiClient gone = new("http://host", "t", new ScriptedHandler(_ => throw new HttpRequestException("no route")));
        using OsapiClient refusing = new("http://host", "t", ScriptedHandler.Answering(404, """{"error":"job not found"}"""));
        using OsapiClient another = new("http://host", "t", ScriptedHandler.Answering(200, "<html/>", "text/html"));

        await Assert.ThrowsAsync<ConnectionException>(() => FirstAsync(gone));
        await Assert.ThrowsAsync<NotFoundException>(() => FirstAsync(refusing));
        await Assert.ThrowsAsync<UnexpectedStatusException>(() => FirstAsync(another));

        static async Task FirstAsync(OsapiClient client)
        {
            await foreach (var update in client.Job.WatchAsync(JobId.Parse(Id), cancellationToken: Token))
                Assert.Fail(update.Event);
        }
    }

    private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
}
