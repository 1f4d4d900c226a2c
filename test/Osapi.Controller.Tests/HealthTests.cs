using System.Net;
using Osapi.Transport;

namespace Osapi.Controller.Tests;

/// <summary>Tests of the controller's health, and of its behaviour when its store does not answer.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task It_is_alive_and_not_ready_while_its_store_does_not_answer()
    {
        BrokenTransport connection = null!;
        await using var fixture = await ControllerFixture.OpenAsync(around: store => connection = new(store));
        Assert.Equal("""{"status":"ready"}""", (await fixture.SendAsync("GET", "/health/ready", token: null)).Assert2xx().Body);

        connection.Silent = true;

        Assert.Equal("""{"status":"ok"}""", (await fixture.SendAsync("GET", "/health", token: null)).Assert2xx().Body);
        Assert.Equal(
            """{"status":"not_ready","error":"the store does not answer"}""",
            (await fixture.SendAsync("GET", "/health/ready", token: null)).Assert2xx(HttpStatusCode.ServiceUnavailable).Body);
    }

    [Fact]
    public async Task The_status_counts_agents_and_jobs_and_is_degraded_while_the_store_does_not_answer()
    {
        BrokenTransport connection = null!;
        await using var fixture = await ControllerFixture.OpenAsync(around: store => connection = new(store));
        await fixture.AgentAsync("silent");
        fixture.Time.Advance(TimeSpan.FromSeconds(90));
        (await fixture.AgentAsync("web-01")).AnswersOk();
        await fixture.AgentAsync("web-02");
        await fixture.PostAsync("/agent/web-02/drain");
        await fixture.GetAsync("/node/web-01/hostname");
        await fixture.SubmitAsync("silent");

        Assert.Equal(
            """{"status":"ok","version":"0.1.0","uptime":"1m30s","components":{"transport":{"status":"ok"}},"passed_over":0,"agents":{"total":3,"ready":2,"not_ready":1,"draining":1,"cordoned":0},"jobs":{"total":2,"unprocessed":1,"processing":0,"completed":1,"failed":0}}""",
            (await fixture.GetAsync("/health/status")).Assert2xx().Body.Replace(ProductVersion.Text, "0.1.0", StringComparison.Ordinal));

        connection.Silent = true;

        var degraded = (await fixture.GetAsync("/health/status")).Assert2xx(HttpStatusCode.ServiceUnavailable).Json;
        Assert.Equal(("degraded", "the store does not answer"), (degraded.GetProperty("status").GetString(), degraded.GetProperty("components").GetProperty("transport").GetProperty("error").GetString()));
    }

    [Fact]
    public async Task A_part_that_fails_during_the_start_is_named_with_its_cause()
    {
        var failure = await Assert.ThrowsAsync<IOException>(
            () => ControllerFixture.OpenAsync(around: store => new BrokenTransport(store) { See = _ => throw new InvalidOperationException("the reader is broken") }));

        Assert.Equal("its part JobFollower failed: the reader is broken", failure.Message);
    }

    [Fact]
    public async Task It_does_not_start_without_its_store_and_says_why()
    {
        var failure = await Assert.ThrowsAsync<TransportException>(() => ControllerFixture.OpenAsync(around: store => new BrokenTransport(store) { Silent = true }));

        Assert.Equal("the store does not answer", failure.Message);
    }

    [Fact]
    public async Task An_invalid_record_is_counted_and_stops_nothing()
    {
        await using var fixture = await ControllerFixture.OpenAsync();

        await fixture.Transport.AppendAsync([new(StreamName.Jobs, Osapi.Transport.Jobs.Subjects.Record(JobIds.Of("x")), "this is no record"u8.ToArray())], fixture.TestTimeout);
        await fixture.CatchUpAsync();

        Assert.Equal("ready", (await fixture.GetAsync("/health/ready")).Assert2xx().Json.GetProperty("status").GetString());
        Assert.Equal(1, (await fixture.GetAsync("/health/status")).Assert2xx().Json.GetProperty("passed_over").GetInt64());
    }

    [Fact]
    public async Task It_is_not_ready_while_its_read_model_is_behind_the_log()
    {
        BrokenTransport connection = null!;
        await using var fixture = await ControllerFixture.OpenAsync(around: store => connection = new(store) { See = state => state });
        // The store has 5 messages more than it delivers.
        connection.See = state => state with { LastSequence = state.LastSequence + 5 };

        (await fixture.SendAsync("GET", "/health/ready", token: null)).Assert2xx();
        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(
            """{"status":"not_ready","error":"the read model is 5 messages behind the log of jobs"}""",
            (await fixture.SendAsync("GET", "/health/ready", token: null)).Assert2xx(HttpStatusCode.ServiceUnavailable).Body);
        connection.See = state => state;
        (await fixture.SendAsync("GET", "/health/ready", token: null)).Assert2xx();
    }

    [Fact]
    public async Task It_is_not_ready_while_its_disk_is_full()
    {
        var directory = Directory.CreateTempSubdirectory("osapi-").FullName;
        await using var disk = await SmallDisk.MountAsync(Path.Combine(directory, "disk"), size: "60m");
        await using var fixture = await ControllerFixture.OpenAsync();
        await using var joined = await fixture.AddControllerAsync(at: Path.Combine(directory, "disk", "state"));
        (await fixture.SendAsync("GET", new Uri(joined.Url, "/health/ready").ToString(), token: null)).Assert2xx();

        disk.Fill();

        Assert.Contains(
            "the disk of the controller's state directory is full: 0 MiB are free, and at least 16 MiB are needed",
            (await fixture.SendAsync("GET", new Uri(joined.Url, "/health/ready").ToString(), token: null)).Assert2xx(HttpStatusCode.ServiceUnavailable).Json.GetProperty("error").GetString());
        disk.MakeRoom();
        (await fixture.SendAsync("GET", new Uri(joined.Url, "/health/ready").ToString(), token: null)).Assert2xx();
    }
}
