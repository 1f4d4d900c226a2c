using CsCheck;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests that a job not started in time never starts, and a started one never expires.</summary>
public sealed class DeadlineTests() : ControllerTest(new ControllerSetup { HasBreakableConnection = true, Agents = [new("web-01")] })
{
    [Fact]
    public async Task An_expired_job_can_never_start()
    {
        var id = await fixture.SubmitAsync("web-01", "?start_within=5");

        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("failed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());

        Assert.Null(await agent.StartAsync(id));
    }

    [Fact]
    public async Task A_job_that_started_in_time_does_not_expire()
    {
        var id = await fixture.SubmitAsync("web-01", "?start_within=5");
        fixture.Time.Advance(TimeSpan.FromSeconds(4.9));
        var start = await agent.StartAsync(id);

        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await agent.EndAsync(id, start!.Value, agent.Ok()));

        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_deadline_is_not_delayed_by_a_longer_one_that_was_there_before()
    {
        var longer = await fixture.SubmitAsync("web-01", "?start_within=3600");
        var shorter = await fixture.SubmitAsync("web-01", "?start_within=1");
        var middle = await fixture.SubmitAsync("_any", "?start_within=60.5");

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await fixture.WaitForEndAsync(shorter);
        fixture.Time.Advance(TimeSpan.FromSeconds(60));
        await fixture.WaitForEndAsync(middle);

        Assert.Equal("submitted", await fixture.StatusOfAsync(longer));
    }

    [Fact]
    public async Task A_deadline_that_passed_while_no_controller_ran_is_kept_by_the_next_one()
    {
        var id = await fixture.SubmitAsync("web-01");
        await fixture.StopAsync();
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await fixture.StartAsync();

        Assert.Equal("failed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_job_for_a_controller_that_is_not_alone_survives_its_restart()
    {
        var id = await fixture.SubmitAsync("web-01");
        await fixture.StopAsync();
        await fixture.StartAsync();

        Assert.True(await agent.RunAsync(id, agent.Ok()));
        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_controller_that_is_alone_keeps_what_has_not_started_until_its_deadline()
    {
        var waiting = await fixture.SubmitAsync("web-01", "?start_within=3600");
        var any = await fixture.SubmitAsync("_any", "?start_within=3600");
        var started = await fixture.SubmitAsync("web-01", "?start_within=3600");
        var start = await agent.StartAsync(started);
        await fixture.StopAsync();

        await fixture.StartAsync(isAlone: true);

        Assert.Equal("submitted", await fixture.StatusOfAsync(waiting));
        Assert.Equal("submitted", await fixture.StatusOfAsync(any));
        Assert.Equal("processing", await fixture.StatusOfAsync(started));
        Assert.True(await agent.EndAsync(started, start!.Value, agent.Ok()));
        Assert.Equal("completed", (await fixture.WaitForEndAsync(started)).Json.GetProperty("status").GetString());
        Assert.True(await agent.RunAsync(waiting, agent.Ok()));
        fixture.Time.Advance(TimeSpan.FromHours(1.1));
        Assert.Equal("failed", (await fixture.WaitForEndAsync(any)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task While_the_store_does_not_answer_it_is_tried_again_without_haste()
    {
        var id = await fixture.SubmitAsync("web-01");
        connection.Silent = true;
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await fixture.WaitForLogLineAsync($"Job {id} could not be expired");

        connection.Silent = false;
        fixture.Time.Advance(TimeSpan.FromSeconds(1.1));

        Assert.Equal("failed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
        Assert.Single(fixture.Logs.Lines, line => line.Contains("could not be expired", StringComparison.Ordinal));
    }

    /// <summary>
    /// Tests agents that start jobs at the very moment at which they expire, in every order: each executor has exactly
    /// one first state.
    /// </summary>
    [Fact]
    public async Task A_start_and_a_deadline_that_race_have_one_winner()
    {
        var (started, expired) = (0, 0);
        var rounds = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 300 : 30;
        await Gen.Int[1, 5].Select(Gen.Bool.Array[1, 8]).SampleAsync(
            async (within, starters) =>
            {
                // The clock advances from round to round: a host that is silent for 30 seconds loses its started jobs.
                await agent.SendHeartbeatAsync();
                await fixture.WaitForHeartbeatAsync("web-01");
                var ids = await Task.WhenAll(starters.Select(_ => fixture.SubmitAsync("web-01", $"?start_within={within}")));
                var starting = Task.WhenAll(ids.Select((id, i) => Task.Run(async () => starters[i] ? await agent.StartAsync(id) : null)));
                var passing = Task.Run(() => fixture.Time.Advance(TimeSpan.FromSeconds(within)));
                var starts = await starting;
                await passing;
                for (var i = 0; i < ids.Length; i++)
                {
                    if (starts[i] is { } start)
                        Assert.True(await agent.EndAsync(ids[i], start, agent.Ok()));
                    var answer = await fixture.WaitForEndAsync(ids[i]);
                    var events = answer.Json.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event").GetString());
                    Assert.Equal(starts[i] is null ? ["submitted", "expired"] : ["submitted", "started", "completed"], events);
                    Assert.Null(await agent.StartAsync(ids[i]));
                    _ = starts[i] is null ? expired++ : started++;
                }
            },
            iter: rounds,
            threads: 1);

        TestContext.Current.TestOutputHelper?.WriteLine($"{started} started, {expired} expired");
        Assert.True(started > 0 && expired > 0, $"{started} started, {expired} expired");
    }
}
