using System.Net;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Controller.Tests.Laws;

/// <summary>
/// Tests of the rules of every operation that changes the controller's data. A new one needs a case, or the first test
/// fails.
/// </summary>
public sealed class CheckLawTests : ControllerTest
{
    public static TheoryData<string> Idempotent => [.. ActingCases.Idempotent.Keys];

    public static TheoryData<string> Removing => [.. ActingCases.Removing.Keys];

    public static TheoryData<string> Looking =>
        [.. OperationCatalog.Default.Where(operation => operation is { RunsOn: RunsOn.Controller, Idempotency: Idempotency.ReadOnly }).Select(operation => operation.Id)];

    [Fact]
    public void Every_operation_of_the_controller_that_acts_has_a_case() => Assert.Equal(
        OperationCatalog.Default.Where(operation => operation is { RunsOn: RunsOn.Controller, CanBeChecked: true }).Select(operation => $"{operation.Id} {operation.Idempotency}").Order(),
        ActingCases.Idempotent.Keys.Select(id => $"{id} {Idempotency.Idempotent}")
            .Concat(ActingCases.Removing.Keys.Append("job.retry").Select(id => $"{id} {Idempotency.NonIdempotent}")).Order());

    [Theory, MemberData(nameof(Idempotent))]
    public async Task It_changes_once_then_nothing_then_what_drifted_and_a_check_predicts_each(string id)
    {
        var subject = await ActingCases.Idempotent[id](fixture);

        foreach (var changes in (bool[])[true, false, true, false])
        {
            var before = await SnapshotAsync();
            var check = await subject.CheckAsync();
            Assert.Equal((changes, changes), (check.Changed, check.After is not null));
            Assert.Equal(before, await SnapshotAsync());

            Assert.Equal(changes, await subject.ChangesAsync());
            if (changes)
            {
                Assert.NotEqual(before, await SnapshotAsync());
            }
            else
            {
                Assert.Equal(before, await SnapshotAsync());
                await subject.DriftAsync();
            }
        }
    }

    [Theory, MemberData(nameof(Removing))]
    public async Task Removals_are_predicted_and_their_checks_are_refused_like_the_removals(string id)
    {
        var subject = await ActingCases.Removing[id](fixture);

        foreach (var _ in (int[])[1, 2])
        {
            var before = await SnapshotAsync();
            var check = await subject.CheckAsync();
            Assert.Equal((true, true, false), (check.Changed, check.Before is not null, check.After is not null));
            Assert.Equal(before, await SnapshotAsync());

            Assert.True(await subject.ChangesAsync());

            var after = await SnapshotAsync();
            var refused = await subject.CallAsync("check=true");
            Assert.Equal(HttpStatusCode.NotFound, refused.Status);
            refused.AssertProblem(HttpStatusCode.NotFound, (await subject.CallAsync("")).Error);
            Assert.Equal(after, await SnapshotAsync());
            await subject.DriftAsync();
        }
    }

    [Fact]
    public async Task Requests_that_would_be_refused_are_refused_by_the_check_too()
    {
        using var agent = await fixture.AgentAsync("web-01");
        var id = await fixture.SubmitAsync("web-01");
        await fixture.Transport.Files.PutAsync("a", new MemoryStream("other"u8.ToArray()), "raw", fixture.TestTimeout);
        var before = await SnapshotAsync();

        (await fixture.SendAsync("DELETE", "/agent/web-01?check=true")).AssertProblem(HttpStatusCode.Conflict, "agent web-01 is running; stop it first");
        (await fixture.SendAsync("DELETE", $"/job/{id}?check=true")).AssertProblem(HttpStatusCode.Conflict, $"job {id} has not ended; cancel it first");
        (await fixture.PostAsync("/agent/web-02/drain?check=true")).AssertProblem(HttpStatusCode.NotFound, "agent not found: web-02; did you mean 'web-01'?");
        var upload = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n";
        (await fixture.SendAsync("POST", "/file?check=true", upload, contentType: "multipart/form-data; boundary=b"))
            .AssertProblem(HttpStatusCode.Conflict, "file a already exists with different content; use force to overwrite");
        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task The_changes_of_a_retry_cannot_be_predicted()
    {
        using var agent = await fixture.AgentAsync("web-01");
        var id = await fixture.SubmitAsync("web-01");
        (await fixture.PostAsync($"/job/{id}/retry?check=true")).AssertProblem(HttpStatusCode.Conflict, $"job {id} has not ended; cancel it first, or wait");
        var unknown = Guid.NewGuid();
        (await fixture.PostAsync($"/job/{unknown}/retry?check=true")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {unknown}");
        await agent.RunAsync(id, agent.Ok());
        await fixture.WaitForEndAsync(id);
        var before = await SnapshotAsync();

        Assert.Equal("""{"check":{"changed":null}}""", (await fixture.PostAsync($"/job/{id}/retry?check=true")).Assert2xx().Body);

        Assert.Equal(before, await SnapshotAsync());
    }

    [Theory, MemberData(nameof(Looking))]
    public async Task Read_only_operations_have_no_check(string id)
    {
        OperationCatalog.Default.TryFind(id, out var operation);

        var body = operation!.Route.HasBody ? JsonSerializer.Serialize(operation.ExamplePair.Request, operation.RequestInfo) : null;
        var answer = await fixture.SendAsync(operation.Route.Method, $"{Calls.Path(operation)}?check=true{(body is null ? Calls.RequiredQuery(operation) : "")}", body);

        answer.AssertProblem(HttpStatusCode.BadRequest, operation.Route.HasBody ? "check is unknown in the query: this operation takes its members from the body" : "check is unknown");
    }

    [Theory]
    [InlineData("check=perhaps")]
    [InlineData("check=")]
    [InlineData("check=true&check=true")]
    public async Task Anything_but_true_or_false_changes_nothing(string query)
    {
        using var agent = await fixture.AgentAsync("web-01");
        var before = await SnapshotAsync();

        (await fixture.PostAsync($"/agent/web-01/drain?{query}")).AssertProblem(HttpStatusCode.BadRequest, "check must be true or false");
        (await fixture.SendAsync("DELETE", $"/file/a?{query}")).AssertProblem(HttpStatusCode.BadRequest, "check must be true or false");

        Assert.Equal(before, await SnapshotAsync());
    }

    // All of the controller's data, with the revision of each write.
    private async Task<string> SnapshotAsync()
    {
        List<string> lines = [];
        foreach (var stream in Enum.GetValues<StreamName>())
            lines.Add($"{stream} {await fixture.Transport.StateAsync(stream, fixture.TestTimeout)}");
        lines.AddRange((await fixture.Transport.Hosts.ListAsync(fixture.TestTimeout)).Select(host => $"{host.Key} {host.Revision}"));
        lines.AddRange((await fixture.Transport.Roster.ListAsync(fixture.TestTimeout)).Select(entry => $"{entry.Key} {entry.Revision}"));
        lines.AddRange((await fixture.Transport.Files.ListAsync(fixture.TestTimeout)).Concat(await fixture.Transport.Results.ListAsync(fixture.TestTimeout)).Select(stored => $"{stored}"));
        return string.Join('\n', lines);
    }
}
