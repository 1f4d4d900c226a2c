using System.Net;

namespace Osapi.Controller.Tests.Agents;

/// <summary>Tests of <c>target.resolve.get</c>.</summary>
public sealed class ResolveTargetTests() : ControllerTest(new AgentSetup("web-01", Group: "web.dev"))
{
    private ScriptedAgent second = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        second = await fixture.AgentAsync("web-02", ("group", "web"));
        await fixture.AgentAsync("db-01", ("group", "db"));
    }

    [Theory]
    [InlineData("_all", "db-01,web-01,web-02")]
    [InlineData("_any", "db-01,web-01,web-02")]
    [InlineData("group:web", "web-01,web-02")]
    [InlineData("WEB-01", "web-01")]
    [InlineData("web-02,db-01,WEB-02", "db-01,web-02")]
    public async Task A_target_has_the_hosts_that_a_call_would_reach(string target, string expected)
    {
        var answer = await ResolveAsync(target);

        Assert.Equal(expected.Split(','), Names(answer));
        Assert.False(answer.Json.TryGetProperty("problem", out _));
        Assert.Empty((await fixture.GetAsync("/job")).Json.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("web-03", "target web-03 is not a registered host; did you mean 'web-01' or 'web-02'?")]
    [InlineData("all", "target all is not a registered host; did you mean '_all'?")]
    [InlineData("Any", "target Any is not a registered host; did you mean '_any'?")]
    [InlineData("group:wbe", "target group:wbe matches no host; did you mean 'group:web' or 'group:db'?")]
    [InlineData("_some", "target '_some' is unknown: names with a leading underscore are reserved, and only _any and _all exist")]
    [InlineData("", "target is required: _any, _all, a host name or key:value")]
    public async Task A_wrong_target_is_an_answer_with_the_words_that_a_call_would_be_refused_with(string target, string problem)
    {
        var answer = await ResolveAsync(target);

        Assert.Equal(problem, answer.Json.GetProperty("problem").GetString());
        Assert.Empty(Names(answer));
        if (target.Length > 0)
            (await fixture.GetAsync($"/node/{target}/hostname")).AssertProblem(HttpStatusCode.BadRequest, problem);
    }

    [Fact]
    public async Task All_unknown_hosts_of_a_list_are_named()
    {
        var answer = await ResolveAsync("web-1,db-01,nobody");

        Assert.Equal("host nobody is not registered; host web-1 is not registered; did you mean 'web-01'?", answer.Json.GetProperty("problem").GetString());
        Assert.Empty(Names(answer));
    }

    [Fact]
    public async Task A_drained_host_says_so_and_does_not_take_what_any_host_may_take()
    {
        (await fixture.PostAsync("/agent/db-01/drain")).Assert2xx();

        Assert.Equal(["db-01 drained", "web-01", "web-02"], States(await ResolveAsync("_all")));
        Assert.Equal(["web-01", "web-02"], States(await ResolveAsync("_any")));

        (await fixture.PostAsync("/agent/web-01/drain")).Assert2xx();
        (await fixture.PostAsync("/agent/web-02/drain")).Assert2xx();

        Assert.Equal("no host takes work: db-01 is Draining, web-01 is Draining, web-02 is Draining", (await ResolveAsync("_any")).Json.GetProperty("problem").GetString());
    }

    [Fact]
    public async Task A_stopped_or_silent_host_is_listed_as_not_reachable()
    {
        await second.StopAsync();
        await fixture.WaitForAgentViewAsync("web-02", seen => seen.TryGetProperty("stopped_at", out _));
        Assert.Equal(["db-01", "web-01", "web-02 unreachable"], States(await ResolveAsync("_all")));

        fixture.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(["db-01 unreachable", "web-01 unreachable", "web-02 unreachable"], States(await ResolveAsync("_all")));
    }

    [Fact]
    public async Task The_permission_is_that_of_the_operation_in_the_request()
    {
        const string Path = "/target?target=_all&operation=command.shell.execute";
        (await fixture.SendAsync("GET", Path, token: null)).AssertProblem(HttpStatusCode.Unauthorized, "bearer token required");
        (await fixture.SendAsync("GET", Path, token: fixture.Token(["write"]))).AssertProblem(HttpStatusCode.Forbidden, "insufficient permissions: command:execute is required");
        (await fixture.SendAsync("GET", Path, token: fixture.Token([], "command:execute"))).Assert2xx();
        (await fixture.SendAsync("GET", "/target?target=_all&operation=node.hostname.get", token: fixture.Token(["read"]))).Assert2xx();
    }

    [Fact]
    public async Task An_unknown_operation_is_refused() =>
        (await fixture.SendAsync("GET", "/target?target=_all&operation=node.hostnam.get", token: fixture.Token(["nobody"])))
            .AssertProblem(HttpStatusCode.BadRequest, "operation: 'node.hostnam.get' is unknown; did you mean 'node.hostname.get'?");

    [Fact]
    public async Task An_operation_of_the_controller_has_no_hosts_and_needs_its_permission()
    {
        const string Path = "/target?target=_any&operation=file.delete";

        (await fixture.SendAsync("GET", Path, token: fixture.Token(["read"]))).AssertProblem(HttpStatusCode.Forbidden, "insufficient permissions: file:write is required");
        var answer = (await fixture.SendAsync("GET", Path, token: fixture.Token([], "file:write"))).Assert2xx(HttpStatusCode.OK);

        Assert.Empty(Names(answer));
        Assert.Equal("file.delete runs on the controller and has no target", answer.Json.GetProperty("problem").GetString());
    }

    [Fact]
    public async Task A_host_has_the_age_of_its_last_heartbeat()
    {
        fixture.Time.Advance(TimeSpan.FromSeconds(12.5));
        await second.SendHeartbeatAsync();
        await fixture.WaitForAgentViewAsync("web-02", seen => seen.GetProperty("last_seen").GetDateTimeOffset() == fixture.Transport.ServerNow);
        fixture.Time.Advance(TimeSpan.FromSeconds(2.25));

        var ages = (await ResolveAsync("web-01,web-02")).Json.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("heartbeat_age").GetDouble());

        Assert.Equal([14.75, 2.25], ages);
    }

    private async Task<Answer> ResolveAsync(string target) =>
        (await fixture.GetAsync($"/target?target={Uri.EscapeDataString(target)}&operation=node.hostname.get")).Assert2xx(HttpStatusCode.OK);

    private static IEnumerable<string?> Names(Answer answer) => answer.Json.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("hostname").GetString());

    private static IEnumerable<string> States(Answer answer) => answer.Json.GetProperty("hosts").EnumerateArray().Select(host =>
        $"{host.GetProperty("hostname").GetString()}{(host.GetProperty("drained").GetBoolean() ? " drained" : "")}{(host.GetProperty("reachable").GetBoolean() ? "" : " unreachable")}");
}
