using System.Globalization;
using System.Net;
using System.Text.Json;
using Osapi.Client;
using Osapi.Controller.Jobs.Events;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of following jobs live.</summary>
public sealed class JobEventTests() : ControllerTest(new AgentSetup("web-01"))
{
    [Fact]
    public async Task A_job_is_followed_from_its_submission_to_its_end()
    {
        var id = await fixture.SubmitAsync("web-01");
        using var events = await EventLines.OpenAsync(fixture, $"/job/{id}/events");
        var submitted = (await events.NextAsync())!;
        AssertJson($$"""{"sequence":{{submitted.Id}},"job_id":"{{id}}","timestamp":"2026-11-01T12:00:00+00:00","event":"submitted","message":"Submitted for web-01","status":"submitted"}""", submitted.Data!);
        Assert.Equal("submitted", submitted.Event);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var start = await agent.StartAsync(id);
        var started = (await events.NextAsync())!;
        AssertJson($$"""{"sequence":{{start}},"job_id":"{{id}}","timestamp":"2026-11-01T12:00:01+00:00","event":"started","hostname":"web-01","message":"Started on web-01","status":"processing"}""", started.Data!);
        Assert.Equal($"{start}", started.Id);

        await agent.EndAsync(id, start!.Value, agent.Failed(ErrorType.NotFound, "no such thing"));
        var failed = (await events.NextAsync())!;
        AssertJson($$"""{"sequence":{{failed.Id}},"job_id":"{{id}}","timestamp":"2026-11-01T12:00:01+00:00","event":"failed","hostname":"web-01","message":"Failed on web-01","status":"failed","outcome":"failed","error":"no such thing"}""", failed.Data!);
        Assert.Equal(new SentEvent(Event: "end", Data: $$"""{"job_id":"{{id}}"}"""), await events.NextAsync());
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task An_ended_job_is_streamed_completely_and_at_once()
    {
        var id = await EndedAsync();

        using var events = await EventLines.OpenAsync(fixture, $"/job/{id}/events");

        Assert.Equal(["submitted", "started", "completed", "end"], await events.RestAsync());
    }

    [Fact]
    public async Task A_broken_stream_resumes_after_the_last_received_event()
    {
        var id = await fixture.SubmitAsync("web-01");
        var start = await agent.StartAsync(id);
        string last;
        using (var events = await EventLines.OpenAsync(fixture, $"/job/{id}/events"))
            last = (await events.NextAsync())!.Id!;

        using var resumed = await EventLines.OpenAsync(fixture, $"/job/{id}/events", last);
        Assert.Equal("started", (await resumed.NextAsync())!.Event);
        await agent.EndAsync(id, start!.Value, agent.Ok());

        Assert.Equal(["completed", "end"], await resumed.RestAsync());
    }

    [Fact]
    public async Task A_reader_that_has_all_events_of_an_ended_job_gets_204()
    {
        var id = await EndedAsync();
        string last = "";
        using (var events = await EventLines.OpenAsync(fixture, $"/job/{id}/events"))
            while (await events.NextAsync() is { Id: { } sequence })
                last = sequence;

        using var resumed = await EventLines.OpenAsync(fixture, $"/job/{id}/events", last);

        Assert.Equal(HttpStatusCode.NoContent, resumed.Response.StatusCode);
    }

    [Fact]
    public async Task An_id_that_the_log_never_had_is_taken_as_none()
    {
        var id = await EndedAsync();

        using var events = await EventLines.OpenAsync(fixture, $"/job/{id}/events", "999999");

        Assert.Equal(["submitted", "started", "completed", "end"], await events.RestAsync());
    }

    [Fact]
    public async Task Invalid_event_ids_and_job_ids_are_refused()
    {
        var id = Guid.NewGuid();

        using (var wrong = await EventLines.OpenAsync(fixture, "/job/x/events", "-1"))
            (await Answer.ReadAsync(wrong.Response, fixture.TestTimeout)).AssertProblem(HttpStatusCode.BadRequest, "Last-Event-ID must be the id of an event: a whole number; id must be a job id (a UUID)");
        using var unknown = await EventLines.OpenAsync(fixture, $"/job/{id}/events");
        (await Answer.ReadAsync(unknown.Response, fixture.TestTimeout)).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.SendAsync("GET", "/job/events", token: fixture.Token([], "node:read"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.SendAsync("GET", $"/job/{id}/events", token: null)).Status);
    }

    [Fact]
    public async Task While_nothing_happens_a_comment_says_so()
    {
        var id = await fixture.SubmitAsync("web-01", "?start_within=3600");
        using var events = await EventLines.OpenAsync(fixture, $"/job/{id}/events");
        Assert.Equal("submitted", (await events.NextAsync())!.Event);

        for (var i = 0; i < 3; i++)
            Assert.Equal(new SentEvent(Comment: "nothing new"), await fixture.AdvanceUntilAsync(events.NextAsync(), JobEventStream.Heartbeat));
    }

    [Fact]
    public async Task All_jobs_are_followed_from_now_on_and_resumed_from_then_on_over_what_was_deleted_meanwhile()
    {
        await EndedAsync();
        using var events = await EventLines.OpenAsync(fixture, "/job/events");
        var first = await EndedAsync();
        var submitted = (await events.NextAsync())!;
        Assert.Equal((first, "submitted"), (JobOf(submitted), submitted.Event));
        Assert.Equal("started", (await events.NextAsync())!.Event);
        Assert.Equal("completed", (await events.NextAsync())!.Event);

        await fixture.SendAsync("DELETE", $"/job/{first}");
        var deleted = (await events.NextAsync())!;
        AssertJson($$"""{"sequence":{{deleted.Id}},"job_id":"{{first}}","timestamp":"2026-11-01T12:00:00+00:00","event":"deleted","message":"Deleted"}""", deleted.Data!);
        var second = await EndedAsync();

        using var resumed = await EventLines.OpenAsync(fixture, "/job/events", submitted.Id);
        Assert.Equal(deleted, await resumed.NextAsync());
        var next = (await resumed.NextAsync())!;
        Assert.Equal((second, "submitted"), (JobOf(next), next.Event));
    }

    [Fact]
    public async Task A_slow_reader_misses_nothing_and_does_not_delay_others()
    {
        const int Jobs = 300;
        using var slow = await EventLines.OpenAsync(fixture, "/job/events");
        // Nothing is read while several megabytes arrive: more than all buffers hold.
        for (var i = 0; i < Jobs; i++)
        {
            var id = await fixture.SubmitAsync("web-01");
            var start = await agent.StartAsync(id);
            await agent.EndAsync(id, start!.Value, agent.Failed(ErrorType.Failed, new string('x', 20_000)));
        }

        await fixture.CatchUpAsync();
        var sequence = 0L;
        for (var i = 0; i < 3 * Jobs; i++)
        {
            var sent = (await slow.NextAsync())!;
            Assert.Equal(((string[])["submitted", "started", "failed"])[i % 3], sent.Event);
            Assert.True(long.Parse(sent.Id!, CultureInfo.InvariantCulture) > sequence);
            sequence = long.Parse(sent.Id!, CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task The_client_follows_a_job_to_its_end()
    {
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);
        var id = await fixture.SubmitAsync("web-01");
        await using var updates = client.Job.WatchAsync(JobId.Parse(id), cancellationToken: fixture.TestTimeout).GetAsyncEnumerator(fixture.TestTimeout);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(("submitted", JobStatus.Submitted, false), (updates.Current.Event, updates.Current.Status, updates.Current.IsLast));
        var start = await agent.StartAsync(id);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(("started", "web-01", start), (updates.Current.Event, updates.Current.Hostname, updates.Current.Sequence));
        await agent.EndAsync(id, start!.Value, agent.Ok());

        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(("completed", Outcome.Ok, true), (updates.Current.Event, updates.Current.Outcome, updates.Current.IsLast));
        Assert.False(await updates.MoveNextAsync());
        await Assert.ThrowsAsync<NotFoundException>(async () => await client.Job.WatchAsync(JobId.Parse($"{Guid.NewGuid()}"), cancellationToken: fixture.TestTimeout).FirstAsync(fixture.TestTimeout));
    }

    [Fact]
    public async Task The_client_resumes_when_the_controller_restarts()
    {
        var port = fixture.Http.BaseAddress!.Port;
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);
        var id = await fixture.SubmitAsync("web-01", "?start_within=3600");
        List<string> seen = [];
        var watching = Task.Run(
            async () =>
            {
                await foreach (var update in client.Job.WatchAsync(JobId.Parse(id), cancellationToken: fixture.TestTimeout))
                    lock (seen)
                        seen.Add(update.Event);
            },
            fixture.TestTimeout);
        while (Count() < 1)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, fixture.TestTimeout);

        await fixture.StopAsync();
        await fixture.StartAsync(options => options with { Urls = [new($"http://127.0.0.1:{port}")] });
        await agent.RunAsync(id, agent.Ok());
        await watching;

        Assert.Equal(["submitted", "started", "completed"], seen);

        int Count()
        {
            lock (seen)
                return seen.Count;
        }
    }

    private async Task<string> EndedAsync()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(id, agent.Ok());
        await fixture.WaitForEndAsync(id);
        return id;
    }

    private static string JobOf(SentEvent sent) => JsonElement.Parse(sent.Data!).GetProperty("job_id").GetString()!;

    private static void AssertJson(string expected, string actual) => Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual)), actual);
}
