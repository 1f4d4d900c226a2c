using System.Net;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of a broker whose reader leaves out a message, as a consumer that was created during an election was seen to do.</summary>
public sealed class LeftOutMessageTests() : ControllerTest(new AgentSetup("web-01"))
{
    private readonly TaskCompletionSource leftOut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AdditionalController other = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        other = await fixture.AddControllerAsync(around: store => connection = new(store));
        await other.WaitForAgentAsync("web-01");
    }

    [Fact]
    public async Task A_job_whose_record_was_left_out_is_found_when_it_is_submitted_again()
    {
        var id = Guid.NewGuid().ToString();
        LeaveOut(Subjects.Record(JobId.Parse(id)));
        await fixture.SubmitAsync("web-01", "?start_within=3600", key: id);
        await other.CatchUpAsync();
        Assert.Null(other.ActiveJobs.Find(JobId.Parse(id)));

        var again = other.SendAsync("GET", "/node/web-01/hostname?start_within=3600", key: id, prefer: "respond-async");

        Assert.Equal(id, (await fixture.AdvanceUntilAsync(again, TimeSpan.FromSeconds(1))).Assert2xx(HttpStatusCode.Accepted).JobId);
        Assert.True(await agent.RunAsync(id, agent.Ok()));
        Assert.Equal("completed", (await other.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_job_whose_record_was_left_out_is_read_again_when_it_is_asked_for()
    {
        var id = Guid.NewGuid().ToString();
        LeaveOut(Subjects.Record(JobId.Parse(id)));
        await fixture.SubmitAsync("web-01", key: id);
        Assert.True(await agent.RunAsync(id, agent.Ok()));
        await other.CatchUpAsync();

        (await other.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.ServiceUnavailable, $"job {id} exists, but this controller is behind the log; try again");
        await fixture.AdvanceUntilAsync(other.CatchUpWithinAsync(), TimeSpan.FromSeconds(1));

        Assert.Equal("completed", (await other.GetAsync($"/job/{id}")).Assert2xx().Json.GetProperty("status").GetString());
        Assert.Equal((await fixture.GetAsync("/job")).Assert2xx().Body, (await other.GetAsync("/job")).Assert2xx().Body);
        Assert.DoesNotContain(fixture.Logs.Lines, line => line.Contains("are forgotten", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_whose_start_was_left_out_ends_at_its_deadline_with_the_end_of_the_host()
    {
        var id = await fixture.SubmitAsync("web-01", "?start_within=60");
        await other.CatchUpAsync();
        LeaveOut(Subjects.State(JobId.Parse(id), HostKey.Of("web-01")));
        Assert.True(await agent.RunAsync(id, agent.Ok()));
        await other.CatchUpAsync();
        var ended = other.ActiveJobs.Find(JobId.Parse(id))!.Completion;
        Assert.False(ended.IsCompleted);

        await fixture.AdvanceUntilAsync(ended.ContinueWith(_ => true, TaskScheduler.Default), TimeSpan.FromSeconds(10));

        Assert.Equal("completed", (await other.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    // Once, as the broker reads the log right from then on.
    private void LeaveOut(string subject) => connection.LeaveOut = message =>
    {
        if (message.Subject != subject || leftOut.Task.IsCompleted)
            return false;
        leftOut.SetResult();
        return true;
    };
}
