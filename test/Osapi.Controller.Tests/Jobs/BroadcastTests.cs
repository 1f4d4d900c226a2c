using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of every operation on hosts as a broadcast: one entry for each host that was expected to answer.</summary>
public sealed class BroadcastTests : ControllerTest
{
    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host).Select(operation => operation.Id)];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var (name, group) in new[] { ("web-01", "web.dev"), ("web-02", "web.dev"), ("db-01", "db") })
        {
            var agent = await fixture.AgentAsync(name, ("group", group));
            agent.Answers(command => agent.Ok(Example(command.Operation!)));
        }

        // This one never answers.
        await fixture.AgentAsync("web-03", ("group", "web.dev"));
    }

    [Theory, MemberData(nameof(Ids))]
    public async Task Each_expected_host_has_one_entry_the_silent_one_too(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        foreach (var (target, hosts) in new[] { ("_all", (string[])["db-01 ok", "web-01 ok", "web-02 ok", "web-03 expired"]), ("group:web", ["web-01 ok", "web-02 ok", "web-03 expired"]) })
        {
            var asked = fixture.SendAsync(operation.Route.Method, Calls.PathAndQuery(operation, target), Calls.Body(operation));
            var job = await fixture.WaitForJobAsync();
            // All but the silent one: a start and an end each.
            await fixture.WaitForStatesAsync(job, hosts.Length - 1);
            await fixture.WaitForWaitersAsync();
            fixture.Time.Advance(TimeSpan.FromSeconds(10));
            var answer = (await asked).Assert2xx((HttpStatusCode)operation.SuccessStatus);

            Assert.Equal(hosts, answer.Outcomes.Order());
            foreach (var entry in JsonNode.Parse(answer.Body)!["results"]!.AsArray().Where(entry => entry!["outcome"]!.GetValue<string>() == "ok"))
            {
                var result = JsonNode.Parse(Example(id))!.AsObject();
                Assert.All(result.Where(member => member.Key != "changed"), member => Assert.True(JsonNode.DeepEquals(member.Value, entry![member.Key]), entry!.ToJsonString()));
            }
        }
    }

    private static string Example(string id) => OperationCatalog.Default.TryFind(id, out var operation)
        ? JsonSerializer.Serialize(operation.ExamplePair.Result, operation.ResultInfo)
        : throw new InvalidOperationException(id);
}
