using Osapi.Transport;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of a store whose servers disagree: one that was cut off reports an earlier end of the log.</summary>
public sealed class LaggingStoreTests() : ControllerTest(new AgentSetup("web-01"))
{
    [Fact]
    public async Task A_controller_that_starts_while_only_such_a_server_answers_is_not_ready_forgets_nothing_and_reads_on_when_the_log_answers()
    {
        var done = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(done, agent.Ok());
        await fixture.WaitForEndAsync(done);
        var open = await fixture.SubmitAsync("web-01", "?start_within=3600");
        await fixture.CatchUpAsync();
        var indexed = Path.Combine(fixture.Directory, "indexed");
        File.Copy(Path.Combine(fixture.Directory, "jobs.db"), indexed);
        foreach (var log in Directory.GetFiles(fixture.Directory, "jobs.db-wal"))
            File.Copy(log, indexed + "-wal");
        // Another controller accepts this one while the first is down.
        var missed = await fixture.SubmitAsync("web-01", "?start_within=3600");
        await fixture.CatchUpAsync();
        var before = (await fixture.GetAsync("/job")).Assert2xx().Body;
        await fixture.StopAsync();
        foreach (var file in Directory.GetFiles(fixture.Directory, "jobs.db*"))
            File.Delete(file);
        foreach (var file in Directory.GetFiles(fixture.Directory, "indexed*"))
            File.Move(file, file.Replace("indexed", "jobs.db", StringComparison.Ordinal));

        var starting = StartAsync(state => state with { LastSequence = 2 });
        await fixture.WaitForLogLineAsync("The log of jobs cannot be read, trying again: a server reports that it ends at 2");
        Assert.False(starting.IsCompleted);
        connection.See = state => state;
        await fixture.AdvanceUntilAsync(starting, TimeSpan.FromSeconds(1));

        Assert.Equal(before, (await fixture.GetAsync("/job")).Assert2xx().Body);
        foreach (var id in (string[])[open, missed])
            Assert.True(await agent.RunAsync(id, agent.Ok()));
        Assert.DoesNotContain(fixture.Logs.Lines, line => line.Contains("are forgotten", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_running_one_whose_reader_meets_such_a_server_keeps_its_jobs()
    {
        var other = await fixture.AddControllerAsync(around: store => connection = new(store));
        var open = await fixture.SubmitAsync("web-01", "?start_within=3600");
        await other.CatchUpAsync();

        connection.See = state => state with { LastSequence = 1 };
        connection.BreakFollowers();
        await fixture.WaitForLogLineAsync("The log of jobs cannot be read, trying again: the store does not answer");
        var wait = other.WaitForEndAsync(open);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await fixture.WaitForLogLineAsync("The log of jobs cannot be read, trying again: a server reports that it ends at 1");
        Assert.False(wait.IsCompleted);
        connection.See = state => state;
        Assert.True(await agent.RunAsync(open, agent.Ok()));

        Assert.Equal("completed", (await fixture.AdvanceUntilAsync(wait, TimeSpan.FromSeconds(0.3))).Json.GetProperty("status").GetString());
        Assert.DoesNotContain(fixture.Logs.Lines, line => line.Contains("are forgotten", StringComparison.Ordinal));
    }

    private async Task<bool> StartAsync(Func<StreamState, StreamState> see)
    {
        await fixture.StartAsync(around: store => connection = new(store) { See = see });
        return true;
    }
}
