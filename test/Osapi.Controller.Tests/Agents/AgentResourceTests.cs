using System.Net;
using System.Text.Json;
using Osapi.Operations.Agents;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Agents;

/// <summary>Tests of the controller's view of agents.</summary>
public sealed class AgentResourceTests() : ControllerTest(new AgentSetup("web-01", Group: "web.dev"))
{
    [Fact]
    public async Task The_list_has_every_agent_by_name_without_its_timeline()
    {
        await fixture.AgentAsync("db-01");

        var list = (await fixture.GetAsync("/agent")).Assert2xx().Json;

        Assert.Equal(2, list.GetProperty("total").GetInt32());
        Assert.Equal(["db-01", "web-01"], list.GetProperty("agents").EnumerateArray().Select(entry => entry.GetProperty("hostname").GetString()));
        var web = list.GetProperty("agents")[1];
        Assert.Equal(
            ("Ready", "Ready", """{"group":"web.dev"}"""),
            (web.GetProperty("status").GetString(), web.GetProperty("state").GetString(), web.GetProperty("labels").GetRawText()));
        Assert.False(web.TryGetProperty("timeline", out _));
    }

    [Fact]
    public async Task One_agent_has_its_record_and_its_last_heartbeat()
    {
        await agent.ChangeAsync(known => known! with
        {
            Facts = new() { KernelVersion = "6.1.0", CpuCount = 8, OsInfo = new("debian", "12"), Interfaces = [new() { Name = "eth0", Ipv4 = "10.0.1.10" }] },
            Conditions = [new(AgentConditionType.HighLoad, true, fixture.Time.GetUtcNow(), "load 17.00, threshold 16.00 for 8 CPUs")],
        });
        await agent.SendHeartbeatAsync(beat => beat with { Uptime = "6 days, 3 hours, 54 minutes", LoadAverage = new() { OneMinute = 17 }, Memory = new(100, 10, 60, 40) });
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.TryGetProperty("uptime", out _) && seen.TryGetProperty("kernel_version", out _));

        var seen = (await fixture.GetAsync("/agent/WEB-01")).Assert2xx().Json;

        Assert.Equal(("6.1.0", 8, "debian"), (seen.GetProperty("kernel_version").GetString(), seen.GetProperty("cpu_count").GetInt32(), seen.GetProperty("os_info").GetProperty("distribution").GetString()));
        Assert.Equal((17, 60), (seen.GetProperty("load_average").GetProperty("1min").GetDouble(), seen.GetProperty("memory").GetProperty("used").GetInt64()));
        Assert.Equal("eth0", seen.GetProperty("interfaces")[0].GetProperty("name").GetString());
        var condition = seen.GetProperty("conditions")[0];
        Assert.Equal(("HighLoad", true), (condition.GetProperty("type").GetString(), condition.GetProperty("status").GetBoolean()));
        Assert.Equal(fixture.Time.GetUtcNow(), condition.GetProperty("last_transition_time").GetDateTimeOffset());
        Assert.Equal("ledger-of-web-01", seen.GetProperty("ledger").GetString());
        Assert.Equal(JsonValueKind.Array, seen.GetProperty("timeline").ValueKind);
    }

    [Theory]
    [InlineData("web-02", "agent not found: web-02; did you mean 'web-01'?")]
    [InlineData("elsewhere", "agent not found: elsewhere")]
    public async Task An_agent_that_is_not_there_is_a_404_that_names_what_may_have_been_meant(string name, string error)
    {
        foreach (var (method, path) in ((string, string)[])[("GET", ""), ("GET", "/timeline"), ("POST", "/drain"), ("POST", "/undrain"), ("DELETE", "")])
            (await fixture.SendAsync(method, $"/agent/{name}{path}")).AssertProblem(HttpStatusCode.NotFound, error);
    }

    [Fact]
    public async Task An_agent_that_is_silent_for_30_seconds_is_not_ready_until_its_next_heartbeat()
    {
        fixture.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("Ready", await StatusAsync());
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("NotReady", await StatusAsync());

        await agent.SendHeartbeatAsync();
        await fixture.WaitForHeartbeatAsync("web-01");

        Assert.Equal("Ready", await StatusAsync());
    }

    [Fact]
    public async Task An_agent_that_was_stopped_is_listed_and_not_ready_at_once()
    {
        await agent.StopAsync();
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.GetProperty("status").GetString() == "NotReady");

        Assert.Equal(fixture.Time.GetUtcNow(), (await fixture.GetAsync("/agent/web-01")).Assert2xx().Json.GetProperty("stopped_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_heartbeat_of_another_ledger_is_no_sign_of_life()
    {
        var real = agent.Ledger;
        fixture.Time.Advance(TimeSpan.FromSeconds(30));
        agent.Ledger = "an impostor's";
        await agent.SendHeartbeatAsync();
        await fixture.Transport.Signals.SendAsync(Subjects.Heartbeat(agent.Key), "nonsense"u8.ToArray(), fixture.TestTimeout);
        // Signals arrive in the order in which they are sent.
        var other = await fixture.AgentAsync("web-02");
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await other.SendHeartbeatAsync();
        await fixture.WaitForHeartbeatAsync("web-02");

        Assert.Equal("NotReady", await StatusAsync());
        agent.Ledger = real;
        await agent.SendHeartbeatAsync();
        await fixture.WaitForHeartbeatAsync("web-01");
        Assert.Equal("Ready", await StatusAsync());
    }

    [Fact]
    public async Task A_controller_that_has_just_started_pings_all_agents_and_knows_the_live_ones()
    {
        await fixture.AgentAsync("gone");
        await fixture.StopAsync();
        fixture.Time.Advance(TimeSpan.FromHours(1));
        await fixture.StartAsync(around: store => new AnsweringTransport(store, agent));

        await fixture.WaitForHeartbeatAsync("web-01");

        Assert.Equal("Ready", await StatusAsync());
        Assert.Equal("NotReady", await StatusAsync("gone"));
    }

    [Fact]
    public async Task An_agent_that_runs_is_not_removed_and_one_that_does_not_is_forgotten()
    {
        (await fixture.SendAsync("DELETE", "/agent/web-01")).AssertProblem(HttpStatusCode.Conflict, "agent web-01 is running; stop it first");
        fixture.Time.Advance(TimeSpan.FromSeconds(30));

        var removed = (await fixture.SendAsync("DELETE", "/agent/web-01")).Assert2xx();

        Assert.Equal("""{"message":"agent web-01 removed","hostname":"web-01","changed":true}""", removed.Body);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync("/agent/web-01")).Status);
        Assert.Empty(await fixture.Transport.Hosts.ListAsync(fixture.TestTimeout));
        // It may return.
        await agent.RestartAsync("session-2");
        Assert.Equal("Ready", await StatusAsync());
    }

    private async Task<string?> StatusAsync(string name = "web-01") => (await fixture.GetAsync($"/agent/{name}")).Assert2xx().Json.GetProperty("status").GetString();
}
