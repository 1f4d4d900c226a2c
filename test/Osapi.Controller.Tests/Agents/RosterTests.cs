using System.Net;
using System.Text;
using Osapi.Controller.Agents;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Agents;

/// <summary>Tests of the roster: in the store, where agents cannot write, and on the controller's disk.</summary>
public sealed class RosterTests() : ControllerTest(new AgentSetup("web-01", AnswersOk: true))
{
    [Fact]
    public async Task An_entry_has_a_version_that_grows_with_each_change()
    {
        await DrainAsync();
        await DrainAsync();
        await fixture.PostAsync("/agent/web-01/undrain");
        await DrainAsync();

        var entry = Roster.TryRead(await fixture.Transport.Roster.GetAsync("web-01", fixture.TestTimeout))!;
        Assert.Equal(("web-01", 3, "kernel update"), (entry.Name, entry.Version, entry.Drain!.Reason));
    }

    [Fact]
    public async Task Nothing_that_an_agent_writes_drains_or_undrains_it()
    {
        await agent.ChangeAsync(known => known! with { Drain = new(fixture.Time.GetUtcNow(), "the agent"), Version = "drained" });
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.TryGetProperty("version", out var version) && version.GetString() == "drained");
        Assert.Equal("Ready", await StateAsync());

        await DrainAsync();
        await agent.ChangeAsync(known => known! with { Drain = null, Version = "undrained" });
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.TryGetProperty("version", out var version) && version.GetString() == "undrained");
        Assert.Equal("Draining", await StateAsync());
        Assert.Equal(["web-01 skipped"], (await fixture.GetAsync("/node/_all/hostname")).Outcomes);
    }

    [Fact]
    public async Task A_cordon_belongs_to_one_drain_and_not_to_the_next()
    {
        await DrainAsync();
        await agent.ChangeAsync(known => known! with { CordonedAt = fixture.Time.GetUtcNow(), CordonedVersion = 1 });
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.GetProperty("state").GetString() == "Cordoned");

        await fixture.PostAsync("/agent/web-01/undrain");
        await DrainAsync();

        Assert.Equal("Draining", await StateAsync());
    }

    [Fact]
    public async Task A_store_without_a_roster_gets_the_drains_of_earlier_records_once()
    {
        await fixture.StopAsync();
        File.Delete(Path.Combine(fixture.Directory, RosterFile.FileName));
        await using (var store = await EmbeddedTransport.OpenAsync(new() { Directory = fixture.Directory, TimeProvider = fixture.Time }, fixture.TestTimeout))
        {
            await store.Roster.DeleteAsync(Roster.IndexKey, fixture.TestTimeout);
            await HostRecords.ChangeAsync(store, "web-01", known => known! with { Drain = new(fixture.Time.GetUtcNow(), "operator", "of 0.1") }, fixture.TestTimeout);
        }

        await fixture.StartAsync();
        Assert.Equal("Draining", await StateAsync());
        await fixture.PostAsync("/agent/web-01/undrain");
        await fixture.StopAsync();
        await fixture.StartAsync();

        Assert.Equal("Ready", await StateAsync());
    }

    [Fact]
    public async Task A_store_that_lost_its_roster_gets_it_from_the_disk_and_a_lower_version_never_counts()
    {
        await DrainAsync();
        await fixture.StopAsync();
        await using (var store = await EmbeddedTransport.OpenAsync(new() { Directory = fixture.Directory, TimeProvider = fixture.Time }, fixture.TestTimeout))
            foreach (var key in (string[])["web-01", Roster.IndexKey])
                await store.Roster.DeleteAsync(key, fixture.TestTimeout);

        await fixture.StartAsync();
        Assert.Equal("Draining", await StateAsync());
        Assert.Equal(1, Roster.TryRead(await fixture.Transport.Roster.GetAsync("web-01", fixture.TestTimeout))!.Version);
        await fixture.PostAsync("/agent/web-01/undrain");
        await DrainAsync();

        await fixture.Transport.Roster.PutAsync("web-01", Roster.Bytes(new RosterEntry { Name = "web-01", Version = 2 }), null, fixture.TestTimeout);
        await foreach (var entry in fixture.Transport.Roster.WatchAsync(fixture.TestTimeout))
            if (Roster.TryRead(entry) is { Version: 3 })
                break;
        Assert.Equal("Draining", await StateAsync());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name":"web-01","version":"nine"}""")]
    [InlineData("""{"name":"web-02","version":9}""")]
    [InlineData("""{"name":null,"version":9,"drain":null}""")]
    [InlineData("""{"name":"web-01","version":9,"drain":"yes"}""")]
    [InlineData("""{"name":"web-01","version":9,"version":9,"drain":{"at":1}}""")]
    public async Task An_entry_that_is_not_understood_does_not_undrain_a_host(string content)
    {
        await DrainAsync();
        await fixture.Transport.Roster.PutAsync("web-01", Encoding.UTF8.GetBytes(content), null, fixture.TestTimeout);

        await fixture.WaitForLogLineAsync("Skipped the invalid roster entry web-01 at");
        Assert.Equal("Draining", await StateAsync());
        Assert.Equal(["web-01 skipped"], (await fixture.GetAsync("/node/_all/hostname")).Outcomes);
        await fixture.StopAsync();
        await fixture.StartAsync();
        Assert.Equal("Draining", await StateAsync());
    }

    [Fact]
    public async Task A_host_of_which_nothing_else_is_known_takes_no_work_and_a_newer_entry_is_not_overwritten()
    {
        await fixture.Transport.Roster.PutAsync("web-01", """{"name":"web-01","version":7,"drain":"until tuesday"}"""u8.ToArray(), null, fixture.TestTimeout);
        await fixture.WaitForLogLineAsync("Skipped the invalid roster entry web-01 at");

        Assert.Equal("Draining", await StateAsync());
        (await fixture.PostAsync("/agent/web-01/undrain")).AssertProblem(HttpStatusCode.Conflict, "the roster entry of web-01 is invalid, or was written by a newer version; it is not overwritten (docs/nats.md)");
        Assert.Equal(7, Roster.VersionOf(await fixture.Transport.Roster.GetAsync("web-01", fixture.TestTimeout)));

        await fixture.Transport.Roster.DeleteAsync("web-01", fixture.TestTimeout);
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.GetProperty("state").GetString() == "Ready");
    }

    [Fact]
    public async Task A_new_member_of_an_entry_is_read_over()
    {
        await fixture.Transport.Roster.PutAsync(
            "web-01", """{"name":"web-01","version":7,"labels":["x"],"drain":{"at":"2026-11-01T12:00:00Z","by":"newer","until":"x"}}"""u8.ToArray(), null, fixture.TestTimeout);

        await fixture.WaitForAgentViewAsync("web-01", seen => seen.GetProperty("state").GetString() == "Draining");
        await fixture.PostAsync("/agent/web-01/undrain");

        Assert.Equal(8, Roster.VersionOf(await fixture.Transport.Roster.GetAsync("web-01", fixture.TestTimeout)));
    }

    [Fact]
    public async Task A_damaged_file_is_renamed_and_an_unwritable_one_is_logged_once()
    {
        await DrainAsync();
        await fixture.StopAsync();
        var path = Path.Combine(fixture.Directory, RosterFile.FileName);
        await File.WriteAllTextAsync(path, "{\"entries\":[", fixture.TestTimeout);
        await fixture.StartAsync();

        Assert.Equal("Draining", await StateAsync());
        Assert.True(File.Exists(path + ".damaged"));
        Directory.CreateDirectory(path + ".new");
        await fixture.PostAsync("/agent/web-01/undrain");
        await DrainAsync();
        Directory.Delete(path + ".new");
        await fixture.PostAsync("/agent/web-01/undrain");

        Assert.Single(fixture.Logs.Lines, line => line.Contains("cannot be written", StringComparison.Ordinal));
        Assert.Contains("\"version\":4", await File.ReadAllTextAsync(path, fixture.TestTimeout), StringComparison.Ordinal);
    }

    private async Task<string> StateAsync() => (await fixture.GetAsync("/agent/web-01")).Assert2xx().Json.GetProperty("state").GetString()!;

    private Task<Answer> DrainAsync() => fixture.PostAsync("/agent/web-01/drain", """{"reason":"kernel update"}""");
}
