using System.Net;
using Osapi.Controller.Jobs.Deletions;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of the deletion of jobs that are too old or too many.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task An_ended_job_is_deleted_when_it_is_too_old_and_an_active_one_is_kept()
    {
        await using var fixture = await ControllerFixture.OpenAsync(options => options with { KeepJobs = TimeSpan.FromHours(1) });
        var agent = await fixture.AgentAsync("web-01");
        var old = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(old, agent.Ok());
        await fixture.WaitForEndAsync(old);
        var open = await fixture.SubmitAsync("web-01", "?start_within=3600");
        await agent.StartAsync(open);
        await fixture.CatchUpAsync();
        fixture.Time.Advance(TimeSpan.FromMinutes(30));
        var young = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(young, agent.Ok());
        await fixture.WaitForEndAsync(young);

        fixture.Time.Advance(TimeSpan.FromMinutes(35));
        await fixture.CountAsync(2);

        (await fixture.GetAsync($"/job/{old}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {old}");
        Assert.Equal("completed", await fixture.StatusOfAsync(young));
        Assert.True((await fixture.GetAsync($"/job/{open}")).Status == HttpStatusCode.OK);
        Assert.Null(await agent.StartAsync(old));
    }

    [Fact]
    public async Task The_oldest_are_deleted_when_there_are_too_many()
    {
        await using var fixture = await ControllerFixture.OpenAsync(options => options with { KeepAtMost = 3 });
        var agent = await fixture.AgentAsync("web-01");
        List<string> ids = [];
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await fixture.SubmitAsync("web-01"));
            await agent.RunAsync(ids[^1], agent.Ok());
            await fixture.WaitForEndAsync(ids[^1]);
        }

        fixture.Time.Advance(JobRetention.Interval);
        await fixture.CountAsync(3);

        foreach (var id in ids[..2])
        {
            (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
            Assert.Null(await agent.StartAsync(id));
        }

        foreach (var id in ids[2..])
            Assert.Equal("completed", await fixture.StatusOfAsync(id));
    }

    [Fact]
    public async Task A_job_whose_commands_have_expired_leaves_nothing()
    {
        await using var fixture = await ControllerFixture.OpenAsync(options => options with { KeepJobs = TimeSpan.FromHours(4) });
        using var agent = await fixture.AgentAsync("web-01");
        List<string> ids = [];
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await fixture.SubmitAsync("web-01"));
            await agent.RunAsync(ids[^1], agent.Ok());
        }

        await fixture.CatchUpAsync();
        fixture.Time.Advance(TimeSpan.FromHours(4) + JobRetention.Interval);
        await fixture.WaitForNoJobsAsync();
        await fixture.WaitForMessageCountAsync(0);

        foreach (var id in ids)
            (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
    }

    [Fact]
    public async Task Many_are_deleted_together_leaving_tombstones_that_are_removed_later()
    {
        await using var fixture = await ControllerFixture.OpenAsync(options => options with { KeepAtMost = 10 });
        using var agent = (await fixture.AgentAsync("web-01")).AnswersOk();
        List<string> ids = [];
        foreach (var some in Enumerable.Range(0, 510).Chunk(102))
            ids.AddRange((await Task.WhenAll(some.Select(_ => fixture.GetAsync("/node/web-01/hostname")))).Select(answer => answer.Assert2xx().JobId));
        await fixture.CatchUpAsync();
        var begin = TimeProvider.System.GetTimestamp();

        fixture.Time.Advance(JobRetention.Interval);
        await fixture.CountAsync(10);
        await fixture.WaitForMessageCountAsync((500 * 2) + (10 * 3));

        TestContext.Current.TestOutputHelper?.WriteLine($"500 jobs were deleted in {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:0.00} s");
        foreach (var id in ids.Take(100))
            if ((await fixture.GetAsync($"/job/{id}")).Status == HttpStatusCode.NotFound)
                Assert.Null(await agent.StartAsync(id));

        fixture.Time.Advance(TimeSpan.FromHours(3) + JobRetention.Interval);
        await fixture.WaitForMessageCountAsync(10 * 3);
    }

    [Fact]
    public async Task Several_controllers_delete_the_same_jobs_once()
    {
        await using var fixture = await ControllerFixture.OpenAsync(options => options with { KeepAtMost = 0 });
        var agent = await fixture.AgentAsync("web-01");
        var second = await fixture.AddControllerAsync(options => options with { KeepAtMost = 0 });
        for (var i = 0; i < 20; i++)
            await agent.RunAsync(await fixture.SubmitAsync("web-01"), agent.Ok());
        await fixture.CatchUpAsync();
        await second.CatchUpAsync();

        fixture.Time.Advance(JobRetention.Interval);
        await fixture.CountAsync(0);
        // While both delete, the number of messages says nothing.
        await fixture.WaitForLogAsync(log => log.Count == 40 && log.All(message =>
            Subjects.ParseState(message.Subject) is null ? JobJson.Record(message.Payload).Deletion == Deletion.Done : JobJson.Event(message.Payload).Kind == JobEventKind.Deleted));
        await second.CatchUpAsync();

        Assert.Equal(0, second.Index.Counts().Values.Sum());
    }
}
