using System.Net;
using Osapi.Controller.Jobs.Supervision;
using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of several controllers on one store: any of them answers for any job, and a dying one loses nothing.</summary>
public sealed class SeveralControllersTests : ControllerTest
{
    private readonly string key = $"{Guid.NewGuid()}";
    private AdditionalController other = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        other = await fixture.AddControllerAsync(around: store => connection = new(store));
        agent = await fixture.AgentAsync("web-01");
        await other.WaitForAgentAsync("web-01");
    }

    [Fact]
    public async Task A_job_accepted_by_one_controller_can_be_read_at_once_at_another()
    {
        for (var i = 0; i < 200; i++)
        {
            var id = await fixture.SubmitAsync("web-01");

            Assert.Equal("submitted", (await other.GetAsync($"/job/{id}")).Assert2xx().Json.GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task What_one_controller_has_answered_the_other_answers_from_then_on()
    {
        agent.AnswersOk();
        for (var i = 1; i <= 100; i++)
        {
            var id = (await fixture.GetAsync("/node/web-01/hostname")).Assert2xx().JobId;

            if (i % 2 == 0)
                Assert.Equal("completed", (await other.GetAsync($"/job/{id}")).Assert2xx().Json.GetProperty("status").GetString());
            else
                Assert.Equal(i, (await other.GetAsync("/job?status=completed")).Assert2xx().Json.GetProperty("total_items").GetInt32());
        }
    }

    [Fact]
    public async Task A_controller_waits_for_a_job_that_it_has_not_read_yet_also_to_follow_or_cancel_it()
    {
        // It receives nothing until the clock has advanced by the second after which it reads the log again.
        connection.BreakFollowers();
        await fixture.WaitForLogLineAsync("The log of jobs cannot be read");
        var id = await fixture.SubmitAsync("web-01", "?start_within=3600");
        var read = other.GetAsync($"/job/{id}");
        var events = EventLines.OpenAsync(fixture, $"/job/{id}/events", at: other.Url);
        var cancel = other.SendAsync("POST", $"/job/{id}/cancel");

        Assert.Equal(id, (await fixture.AdvanceUntilAsync(read, TimeSpan.FromSeconds(0.3))).Assert2xx().Json.GetProperty("id").GetString());
        Assert.Equal("cancelled", (await fixture.AdvanceUntilAsync(cancel, TimeSpan.FromSeconds(0.3))).Assert2xx(HttpStatusCode.Accepted).Json.GetProperty("status").GetString());
        using var stream = await events;
        Assert.Equal(["submitted", "cancelled", "end"], await stream.RestAsync());
    }

    [Fact]
    public async Task A_controller_behind_the_log_reports_that_instead_of_a_404()
    {
        connection.BreakFollowers();
        await fixture.WaitForLogLineAsync("The log of jobs cannot be read");
        connection.See = _ => throw new TransportException("the store does not answer");
        var id = await fixture.SubmitAsync("web-01", "?start_within=3600");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.AdvanceUntilAsync(other.GetAsync($"/job/{id}"), TimeSpan.FromSeconds(1))).Status);
        connection.See = state => state;
        await fixture.AdvanceUntilAsync(other.CatchUpWithinAsync(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_job_that_was_not_accepted_is_a_404_at_once()
    {
        var id = Guid.NewGuid();

        (await other.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
    }

    [Fact]
    public async Task The_same_key_at_both_at_the_same_time_is_one_job()
    {
        agent.AnswersOk();
        for (var round = 0; round < 20; round++)
        {
            var shared = $"{Guid.NewGuid()}";

            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => i % 2 == 0
                ? fixture.SendAsync("GET", "/node/web-01/hostname", key: shared)
                : other.SendAsync("GET", "/node/web-01/hostname", key: shared)));

            Assert.All(answers, answer => Assert.Equal((shared, "web-01 ok"), (answer.Assert2xx().JobId, answer.Outcomes.Single())));
        }

        Assert.Equal(20, (await fixture.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());
        Assert.Equal(20, (await other.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());
    }

    [Fact]
    public async Task The_same_key_with_another_request_at_the_other_is_a_conflict_and_a_deleted_id_is_taken_there_too()
    {
        await fixture.SubmitAsync("web-01", key: key);
        (await other.SendAsync("GET", "/node/web-01/uptime", key: key)).AssertProblem(HttpStatusCode.Conflict, $"job {key} already exists with a different request");
        await agent.RunAsync(key, agent.Ok());
        await fixture.WaitForEndAsync(key);
        Assert.Equal(HttpStatusCode.NoContent, (await fixture.SendAsync("DELETE", $"/job/{key}")).Status);

        (await other.SendAsync("GET", "/node/web-01/hostname", key: key)).AssertProblem(HttpStatusCode.Conflict, $"job {key} was deleted, and its id cannot be used again yet");
        await other.CatchUpAsync();
        (await other.GetAsync($"/job/{key}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {key}");
    }

    [Theory]
    [InlineData("web-01")]
    [InlineData("_any")]
    public async Task One_that_dies_between_the_record_and_the_commands_leaves_them_to_the_other(string target)
    {
        agent.AnswersOk();
        connection.BreakAt = message => message.Stream != StreamName.Jobs;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await other.SendAsync("GET", $"/node/{target}/hostname", key: key)).Status);
        await other.KillAsync();

        var again = fixture.SendAsync("GET", $"/node/{target}/hostname", key: key);
        await fixture.CatchUpAsync();
        fixture.Time.Advance(CommandRepair.RepairDelay);

        Assert.Equal(["web-01 ok"], (await again).Assert2xx().Outcomes);
    }

    [Fact]
    public async Task Late_jobs_of_a_dead_controller_are_expired_by_the_other()
    {
        var id = (await other.SendAsync("GET", "/node/web-01/hostname", prefer: "respond-async")).JobId;
        await other.KillAsync();
        await fixture.CatchUpAsync();

        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("failed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
        Assert.Null(await agent.StartAsync(id));
    }

    [Fact]
    public async Task A_caller_whose_controller_dies_has_the_answer_from_the_other()
    {
        var call = other.SendAsync("GET", "/node/web-01/hostname", key: key);
        var id = await fixture.WaitForJobAsync();
        var start = await agent.StartAsync(id);
        var dying = other.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => call);
        await dying;

        var again = fixture.SendAsync("GET", "/node/web-01/hostname", key: key);
        await fixture.WaitForWaitersAsync();
        await agent.EndAsync(id, start!.Value, agent.Ok());

        Assert.Equal(["web-01 ok"], (await again).Assert2xx().Outcomes);
    }

    [Fact]
    public async Task A_deadline_that_all_keep_is_kept_once()
    {
        var third = await fixture.AddControllerAsync();
        List<string> ids = [];
        for (var i = 0; i < 20; i++)
            ids.Add(await fixture.SubmitAsync("web-01"));
        await other.CatchUpAsync();
        await third.CatchUpAsync();

        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        foreach (var id in ids)
            foreach (var answer in (Answer[])[await fixture.WaitForEndAsync(id), await other.WaitForEndAsync(id), await third.WaitForEndAsync(id)])
                Assert.Equal(["submitted", "expired"], Events(answer));
        await fixture.CatchUpAsync();
        Assert.Equal(2 * ids.Count, (await fixture.LogAsync()).Count);
    }

    [Fact]
    public async Task A_lost_job_that_all_find_lost_is_lost_once()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);
        await other.CatchUpAsync();

        await agent.RestartAsync("session-2");

        Assert.Equal(["submitted", "started", "lost"], Events(await fixture.WaitForEndAsync(id)));
        Assert.Equal(["submitted", "started", "lost"], Events(await other.WaitForEndAsync(id)));
        await fixture.CatchUpAsync();
        Assert.Equal(3, (await fixture.LogAsync()).Count);
    }

    [Fact]
    public async Task A_job_is_cancelled_retried_listed_and_deleted_at_any_controller()
    {
        var id = await fixture.SubmitAsync("web-01");
        Assert.Equal("cancelled", (await other.SendAsync("POST", $"/job/{id}/cancel")).Assert2xx(HttpStatusCode.Accepted).Json.GetProperty("status").GetString());
        await fixture.WaitForEndAsync(id);
        var retry = (await fixture.PostAsync($"/job/{id}/retry")).Assert2xx(HttpStatusCode.Created).JobId;
        await agent.RunAsync(retry, agent.Ok());
        await other.GetAsync($"/job/{retry}");
        await other.WaitForEndAsync(retry);
        await fixture.WaitForEndAsync(retry);
        await other.CatchUpAsync();
        Assert.Equal((await fixture.GetAsync("/job")).Body, (await other.GetAsync("/job")).Body);
        Assert.Equal((await fixture.GetAsync($"/job/{retry}")).Body, (await other.GetAsync($"/job/{retry}")).Body);

        Assert.Equal(HttpStatusCode.NoContent, (await other.SendAsync("DELETE", $"/job/{retry}")).Status);
        await fixture.CatchUpAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync($"/job/{retry}")).Status);
    }

    [Fact]
    public async Task A_stream_of_one_is_resumed_at_the_other()
    {
        var id = await fixture.SubmitAsync("web-01");
        string last;
        using (var events = await EventLines.OpenAsync(fixture, $"/job/{id}/events"))
            last = (await events.NextAsync())!.Id!;
        await agent.RunAsync(id, agent.Failed(ErrorType.Failed, "x"));

        using var resumed = await EventLines.OpenAsync(fixture, $"/job/{id}/events", last, other.Url);

        Assert.Equal(["started", "failed", "end"], await resumed.RestAsync());
    }

    [Fact]
    public async Task A_read_model_is_rebuilt_when_the_log_is_recreated_while_the_controller_runs()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(id, agent.Ok());
        await other.WaitForEndAsync(id);
        await fixture.WaitForEndAsync(id);
        var before = (await other.GetAsync("/job")).Body;
        var made = fixture.Time.GetUtcNow();

        connection.See = state => state with { Created = made };
        connection.BreakFollowers();
        await fixture.WaitForLogLineAsync("The log of jobs cannot be read");
        await fixture.AdvanceUntilAsync(other.CatchUpWithinAsync(), TimeSpan.FromSeconds(1));

        Assert.Equal(before, (await other.GetAsync("/job")).Body);
        Assert.Equal("completed", (await other.GetAsync($"/job/{id}")).Json.GetProperty("status").GetString());
    }

    private static IEnumerable<string?> Events(Answer job) => job.Json.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event").GetString());
}
