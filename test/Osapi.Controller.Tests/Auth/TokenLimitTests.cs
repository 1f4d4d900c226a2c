using System.Net;
using Osapi.Controller.Auth;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Tests of tokens that are limited to operations and targets.</summary>
public sealed class TokenLimitTests() : ControllerTest(new AgentSetup("web-01", Group: "web.dev", AnswersOk: true), new AgentSetup("db-01", Group: "db", AnswersOk: true))
{
    private const string OnlyWeb = "the token is limited to the targets group:web: ";

    [Fact]
    public async Task A_token_reaches_the_hosts_of_its_targets_and_no_other()
    {
        var token = Token(targets: ["group:web"]);

        (await HostnameAsync("web-01", token)).Assert2xx();
        (await HostnameAsync("group:web", token)).Assert2xx();
        (await HostnameAsync("db-01", token)).AssertProblem(HttpStatusCode.Forbidden, OnlyWeb + "db-01 is not among them");
        (await HostnameAsync("_all", token)).AssertProblem(HttpStatusCode.Forbidden, OnlyWeb + "db-01 is not among them");
        // A host that registers later may take it.
        (await HostnameAsync("_any", token)).AssertProblem(HttpStatusCode.Forbidden, OnlyWeb + "_any is not among them");
        (await HostnameAsync("_any", Token(targets: ["_all"]))).Assert2xx();
    }

    [Fact]
    public async Task A_token_cannot_act_on_agents_and_jobs_of_other_hosts_and_sees_them()
    {
        var token = Token(targets: ["group:web"]);
        var job = await fixture.SubmitAsync("db-01");
        await fixture.WaitForEndAsync(job);

        (await fixture.SendAsync("POST", "/agent/db-01/drain", "{}", token)).AssertProblem(HttpStatusCode.Forbidden, OnlyWeb + "db-01 is not among them");
        (await fixture.SendAsync("POST", "/agent/web-01/drain", "{}", token)).Assert2xx();
        (await fixture.SendAsync("POST", "/agent/web-01/undrain", "{}", token)).Assert2xx();
        (await fixture.SendAsync("DELETE", $"/job/{job}", token: token)).AssertProblem(HttpStatusCode.Forbidden, OnlyWeb + "db-01 is not among them");
        (await fixture.SendAsync("POST", $"/job/{job}/cancel", token: token)).AssertProblem(HttpStatusCode.Forbidden, OnlyWeb + "db-01 is not among them");
        (await fixture.SendAsync("POST", $"/job/{job}/retry", "{}", token)).AssertProblem(HttpStatusCode.Forbidden, OnlyWeb + "db-01 is not among them");
        (await fixture.SendAsync("POST", "/token/revoke", """{"subject":"other"}""", token)).AssertProblem(HttpStatusCode.Forbidden, OnlyWeb + "token.revoke is not limited to them");
        Assert.Equal(2, (await fixture.SendAsync("GET", "/agent", token: token)).Assert2xx().Json.GetProperty("total").GetInt32());
        (await fixture.SendAsync("GET", $"/job/{job}", token: token)).Assert2xx();
    }

    [Fact]
    public async Task A_token_calls_its_operations_and_no_other_by_every_way()
    {
        var token = Token(operations: ["node.hostname.get", "docker.*"]);
        const string Only = "the token is limited to the operations node.hostname.get, docker.*: ";

        (await HostnameAsync("web-01", token)).Assert2xx();
        (await fixture.SendAsync("GET", "/node/web-01/os", token: token)).AssertProblem(HttpStatusCode.Forbidden, Only + "node.os.get is not one of them");
        (await fixture.SendAsync("PUT", $"/job/{Guid.CreateVersion7()}", """{"operation":"node.os.get","target":"web-01"}""", token)).AssertProblem(HttpStatusCode.Forbidden, Only + "node.os.get is not one of them");
        (await fixture.SendAsync("PUT", $"/job/{Guid.CreateVersion7()}", """{"operation":"node.hostname.get","target":"web-01"}""", token)).Assert2xx();
        var job = await fixture.SubmitAsync("web-01");
        await fixture.WaitForEndAsync(job);
        (await fixture.SendAsync("POST", $"/job/{job}/retry", "{}", token)).AssertProblem(HttpStatusCode.Forbidden, Only + "job.retry is not one of them");
        (await fixture.SendAsync("POST", $"/job/{job}/retry", "{}", Token(operations: ["job.retry"]))).AssertProblem(HttpStatusCode.Forbidden, "the token is limited to the operations job.retry: node.hostname.get is not one of them");
        (await fixture.SendAsync("GET", "/job", token: token)).Assert2xx();
    }

    private Task<Answer> HostnameAsync(string target, string token) => fixture.SendAsync("GET", $"/node/{target}/hostname", token: token);

    private string Token(IReadOnlyList<string>? targets = null, IReadOnlyList<string>? operations = null) =>
        fixture.Tokens.Generate(new TokenGrant { Subject = "limited", Roles = ["admin"], Targets = targets, Operations = operations, Lifetime = TimeSpan.FromHours(1) });
}
