using System.Net;
using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Requests;

/// <summary>Tests of paths and responses for clients of the Go reference.</summary>
public sealed class ReferenceClientTests : ControllerTest
{
    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host).Select(operation => operation.Id)];

    [Fact]
    public async Task Every_path_is_answered_below_api_too()
    {
        foreach (var operation in OperationCatalog.Default)
        {
            var path = Calls.Path(operation, "_any");
            var there = await fixture.SendAsync(operation.Route.Method, path, token: null);
            var alias = await fixture.SendAsync(operation.Route.Method, $"/api{path}", token: null);

            Assert.NotEqual(HttpStatusCode.NotFound, alias.Status);
            Assert.Equal((there.Status, there.ContentType), (alias.Status, alias.ContentType));
        }

        (await fixture.GetAsync("/api/openapi.json")).Assert2xx();
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync("/api/api/health")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync("/apihealth")).Status);
    }

    [Fact]
    public async Task An_encoded_slash_below_api_stays_in_the_name() =>
        (await fixture.GetAsync("/api/file/conf%2Fapp.conf")).AssertProblem(HttpStatusCode.NotFound, (await fixture.GetAsync("/file/conf%2Fapp.conf")).Error);

    [Theory, MemberData(nameof(Ids))]
    public async Task An_entry_has_the_status_that_the_reference_gives_it(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        var web = await fixture.AgentAsync("web-01", ("group", "web"));
        web.Answers(_ => web.Ok(JsonSerializer.Serialize(operation.ExamplePair.Result, operation.ResultInfo)));
        var db = await fixture.AgentAsync("db-01", ("group", "db"));
        db.Answers(_ => db.Failed(ErrorType.Failed, "it failed"));

        var answer = await fixture.SendAsync(operation.Route.Method, Calls.PathAndQuery(operation, "_all"), Calls.Body(operation));

        var entries = answer.Assert2xx((HttpStatusCode)operation.SuccessStatus).Json.GetProperty("results").EnumerateArray().ToDictionary(entry => entry.GetProperty("hostname").GetString()!);
        if (operation.ResultHasStatus)
        {
            Assert.Equal(JsonSerializer.SerializeToElement(operation.ExamplePair.Result, operation.ResultInfo).GetProperty("status").GetString(), Status(entries["web-01"]));
            Assert.Null(Status(entries["db-01"]));
        }
        else
        {
            Assert.Equal(("ok", "failed"), (Status(entries["web-01"]), Status(entries["db-01"])));
        }
    }

    [Fact]
    public async Task A_problem_with_the_answer_of_its_only_host_has_the_status_too()
    {
        var agent = await fixture.AgentAsync("web-01");
        agent.Answers(_ => agent.Failed(ErrorType.NotFound, "no such thing"));

        var answer = (await fixture.GetAsync("/node/web-01/hostname")).AssertProblem(HttpStatusCode.NotFound, "no such thing");

        Assert.Equal("failed", Status(answer.Json.GetProperty("results")[0]));
    }

    [Theory]
    [InlineData("file.deploy.execute", "ok")]
    [InlineData("file.status.get", "drifted")]
    public async Task An_answer_about_a_file_on_one_host_can_be_read_at_its_top(string id, string status)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        var agent = await fixture.AgentAsync("web-01");
        agent.Answers(_ => agent.Ok(JsonSerializer.Serialize(operation.ExamplePair.Result, operation.ResultInfo)) with { Changed = true });

        var answer = (await fixture.PostAsync(Calls.Path(operation, "web-01"), Calls.Body(operation))).Assert2xx((HttpStatusCode)operation.SuccessStatus).Json;

        var entry = answer.GetProperty("results")[0];
        Assert.Equal(("web-01", true, status), (answer.GetProperty("hostname").GetString(), answer.GetProperty("changed").GetBoolean(), Status(answer)));
        Assert.Equal(entry.GetProperty("path").GetString(), answer.GetProperty("path").GetString());
        Assert.Equal(entry.GetProperty("sha256").GetString(), answer.GetProperty("sha256").GetString());
        Assert.False(answer.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task An_answer_of_several_hosts_has_nothing_of_one_of_them_at_its_top()
    {
        Assert.True(OperationCatalog.Default.TryFind("file.deploy.execute", out var operation));
        foreach (var name in (string[])["web-01", "web-02"])
        {
            var agent = await fixture.AgentAsync(name);
            agent.Answers(_ => agent.Failed(ErrorType.Failed, "it failed"));
        }

        var answer = (await fixture.PostAsync(Calls.Path(operation, "_all"), Calls.Body(operation))).Assert2xx(HttpStatusCode.Accepted).Json;

        Assert.Equal(["job_id", "results"], answer.EnumerateObject().Select(member => member.Name));
    }

    private static string? Status(JsonElement entry) => entry.TryGetProperty("status", out var status) ? status.GetString() : null;
}
