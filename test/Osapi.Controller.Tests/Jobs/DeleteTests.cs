using System.Net;
using System.Text.Json;
using Osapi.Controller.Jobs.Deletions;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of deleting a job.</summary>
public sealed class DeleteTests() : ControllerTest(new ControllerSetup { HasBreakableConnection = true, Agents = [new("web-01")] })
{
    [Theory]
    [InlineData("web-01")]
    [InlineData("_any")]
    [InlineData("_all")]
    public async Task Nothing_is_left_that_says_what_it_was_and_nothing_can_start_it_again(string target)
    {
        var any = target == "_any";
        var id = await EndedAsync(target, """{"os_hostname":"the answer"}""");

        var answer = await fixture.SendAsync("DELETE", $"/job/{id}");

        Assert.Equal((HttpStatusCode.NoContent, ""), (answer.Status, answer.Body));
        (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
        Assert.Equal(0, (await fixture.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());
        Assert.Equal([$"job.{id} done", $"state.{id}.{(any ? HostKey.Any : agent.Key)} deleted"], await LeftAsync());
        Assert.Null(await fixture.Transport.LastAsync(StreamName.Commands, Subjects.Command(agent.Key, JobId.Parse(id)), fixture.TestTimeout));
        Assert.Null(await agent.StartAsync(id, any));
    }

    [Fact]
    public async Task A_large_answer_is_deleted_with_it()
    {
        var id = await EndedAsync("web-01", $$"""{"os_hostname":"{{new string('x', JobEntries.MaxInlineSize)}}"}""");
        Assert.Single(await fixture.Transport.Results.ListAsync(fixture.TestTimeout));

        await fixture.SendAsync("DELETE", $"/job/{id}");

        Assert.Empty(await fixture.Transport.Results.ListAsync(fixture.TestTimeout));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_that_is_not_over_stays(bool started)
    {
        var id = await fixture.SubmitAsync("web-01");
        if (started)
            await agent.StartAsync(id);
        await fixture.CatchUpAsync();

        (await fixture.SendAsync("DELETE", $"/job/{id}")).AssertProblem(HttpStatusCode.Conflict, $"job {id} has not ended; cancel it first");

        Assert.Equal(started ? "processing" : "submitted", await fixture.StatusOfAsync(id));
    }

    [Fact]
    public async Task A_job_that_does_not_exist_or_not_any_more_is_a_404()
    {
        var id = await EndedAsync("web-01");
        await fixture.SendAsync("DELETE", $"/job/{id}");

        (await fixture.SendAsync("DELETE", $"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
        (await fixture.PostAsync($"/job/{id}/retry")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
    }

    [Fact]
    public async Task Its_id_is_taken_until_its_commands_have_aged_out()
    {
        var id = await EndedAsync("web-01");
        await fixture.SendAsync("DELETE", $"/job/{id}");
        (await fixture.SendAsync("GET", "/node/web-01/hostname", key: id)).AssertProblem(HttpStatusCode.Conflict, $"job {id} was deleted, and its id cannot be used again yet");

        fixture.Time.Advance(TimeSpan.FromHours(3) + TimeSpan.FromMinutes(6));
        await fixture.WaitForMessageCountAsync(0);
        Assert.Equal(id, await fixture.SubmitAsync("web-01", key: id));
        Assert.True(await agent.RunAsync(id, agent.Ok()));
        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task It_stays_deleted_when_the_read_model_is_rebuilt()
    {
        var id = await EndedAsync("web-01");
        await fixture.SendAsync("DELETE", $"/job/{id}");
        await fixture.StopAsync();
        foreach (var path in Directory.GetFiles(fixture.Directory, "jobs.db*"))
            File.Delete(path);
        await fixture.StartAsync();

        (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
        (await fixture.SendAsync("GET", "/node/web-01/hostname", key: id)).AssertProblem(HttpStatusCode.Conflict, $"job {id} was deleted, and its id cannot be used again yet");
    }

    [Fact]
    public async Task The_end_of_a_lost_job_that_arrives_after_the_deletion_changes_nothing()
    {
        var id = await fixture.SubmitAsync("web-01");
        var start = await agent.StartAsync(id);
        await fixture.WaitForStatesAsync(id, 1);
        await agent.RestartAsync("session-2");
        await fixture.WaitForEndAsync(id);
        var lost = (await fixture.Transport.LastAsync(StreamName.Jobs, Subjects.State(JobId.Parse(id), agent.Key), fixture.TestTimeout))!.Sequence;

        Assert.Equal(HttpStatusCode.NoContent, (await fixture.SendAsync("DELETE", $"/job/{id}")).Status);

        Assert.False(await agent.EndAsync(id, start!.Value, agent.Ok()));
        Assert.False(await agent.EndAsync(id, lost, agent.Ok()));
        Assert.Equal([$"job.{id} done", $"state.{id}.web-01 deleted"], await LeftAsync());
    }

    [Theory]
    [InlineData("state")]
    [InlineData("job")]
    public async Task A_partial_deletion_is_completed_by_a_later_round(string breaksAt)
    {
        var id = await EndedAsync("web-01");
        // The tombstone of the record is written, the following writes fail.
        var tombstones = 0;
        connection.Refuse = message => message.Stream == StreamName.Jobs && (breaksAt == "state" ? message.Subject.StartsWith("state.", StringComparison.Ordinal) : message.Subject == Subjects.Record(JobId.Parse(id)) && tombstones++ > 0);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.SendAsync("DELETE", $"/job/{id}")).Status);
        await fixture.CatchUpAsync();
        (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");

        connection.Refuse = null;
        Assert.Null(await agent.StartAsync(id));
        fixture.Time.Advance(JobRetention.Interval);

        while (!(await LeftAsync()).SequenceEqual([$"job.{id} done", $"state.{id}.web-01 deleted"]))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, fixture.TestTimeout);
    }

    [Fact]
    public async Task Of_two_concurrent_deletions_one_deletes_the_job_and_both_succeed()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = await EndedAsync("web-01");

            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.SendAsync("DELETE", $"/job/{id}")));

            Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.NoContent or HttpStatusCode.NotFound, answer.Body));
            Assert.Contains(answers, answer => answer.Status == HttpStatusCode.NoContent);
            (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
        }
    }

    private async Task<string> EndedAsync(string target, string result = """{"os_hostname":"real"}""")
    {
        var id = await fixture.SubmitAsync(target);
        Assert.True(await agent.RunAsync(id, agent.Ok(result), any: target == "_any"));
        await fixture.WaitForEndAsync(id);
        return id;
    }

    // The messages in the log of jobs.
    private async Task<IReadOnlyList<string>> LeftAsync()
    {
        var messages = await fixture.LogAsync();
        return [.. messages.Select(message => message.Subject.StartsWith("job.", StringComparison.Ordinal)
            ? $"{message.Subject} {(JsonElement.Parse(message.Payload.Span).TryGetProperty("deletion", out var deletion) ? deletion : "whole")}"
            : $"{message.Subject} {JsonElement.Parse(message.Payload.Span).GetProperty("kind")}").Order()];
    }
}
