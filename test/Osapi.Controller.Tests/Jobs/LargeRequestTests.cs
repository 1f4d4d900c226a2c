using System.Net;
using System.Text;
using Osapi.Controller.Jobs;
using Osapi.Controller.Jobs.Deletions;
using Osapi.Controller.Jobs.Supervision;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of requests that are too large for a message: their objects are there as long as their jobs need them, and no longer.</summary>
public sealed class LargeRequestTests() : ControllerTest(new ControllerSetup { HasBreakableConnection = true, Agents = [new("web-01"), new("db-01")], Options = options => options with { KeepJobs = TimeSpan.FromDays(1) } })
{
    private const string Path = "/node/web-01/command/exec";
    private const string Canary = "c4n4ry-5512";

    private static readonly string Large = Body(new('x', 600_000));

    [Theory]
    [InlineData("web-01", 1)]
    [InlineData("_all", 2)]
    [InlineData("_any", 1)]
    public async Task Messages_have_a_reference_and_callers_see_the_whole_request(string target, int commands)
    {
        var id = (await fixture.SendAsync("POST", $"/node/{target}/command/exec", Large, prefer: "respond-async")).Assert2xx(HttpStatusCode.Accepted).JobId;

        var stored = Assert.Single(await StoredAsync());
        var record = (await fixture.Transport.LastAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(id)), fixture.TestTimeout))!;
        List<Message> sent = target == "_any"
            ? [.. await fixture.Transport.ReadAsync(StreamName.WorkQueue, Subjects.Any, 0, 10, fixture.TestTimeout)]
            : [.. (await Task.WhenAll(((string[])["web-01", "db-01"]).Select(host => fixture.Transport.LastAsync(StreamName.Commands, Subjects.Command(host, JobId.Parse(id)), fixture.TestTimeout)))).OfType<Message>()];
        Assert.Equal(commands, sent.Count);
        foreach (var message in sent.Append(record))
            Assert.InRange(message.Payload.Length, 1, 2000);
        foreach (var command in sent.Select(message => JobJson.Command(message.Payload)))
        {
            Assert.Equal((stored, 600_000 + Body("").Length), (command.RequestObject!.Name, command.RequestObject.Size));
            Assert.Equal(Large, Encoding.UTF8.GetString((await RequestObjects.ReadAsync(fixture.Transport, command.RequestObject, fixture.TestTimeout))!.Value.Span));
        }

        var shown = (await fixture.GetAsync($"/job/{id}")).Assert2xx().Json.GetProperty("operation").GetProperty("data");
        Assert.Equal(600_000, shown.GetProperty("args")[0].GetString()!.Length);
        var reader = (await fixture.SendAsync("GET", $"/job/{id}", token: fixture.Tokens.Generate("reader", ["read"], [], TimeSpan.FromHours(1)))).Assert2xx();
        Assert.False(reader.Json.GetProperty("operation").TryGetProperty("data", out _));
        await AssertInNoFileAsync(new string('x', 100));
    }

    [Fact]
    public async Task The_same_id_is_the_same_job_only_with_the_same_request_and_leaves_no_object()
    {
        var id = await SubmitAsync(Large);

        foreach (var same in (string[])[Large, Large.Replace(",", " , ", StringComparison.Ordinal)])
            Assert.Equal(id, (await fixture.SendAsync("POST", Path, same, key: id, prefer: "respond-async")).Assert2xx(HttpStatusCode.Accepted).JobId);
        foreach (var other in (string[])[Large.Replace("xxx\"", "xxy\"", StringComparison.Ordinal), Body("small")])
            (await fixture.SendAsync("POST", Path, other, key: id)).AssertProblem(HttpStatusCode.Conflict, $"job {id} already exists with a different request");
        Assert.Single(await StoredAsync());
    }

    [Fact]
    public async Task Of_two_controllers_that_accept_the_same_id_one_object_stays()
    {
        var second = await fixture.AddControllerAsync();
        var id = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(
            fixture.SendAsync("POST", Path, Large, key: id, prefer: "respond-async"),
            second.SendAsync("POST", Path, Body(new('y', 600_000)), key: id, prefer: "respond-async"));

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Conflict], answers.Select(answer => answer.Status).Order());
        Assert.Single(await StoredAsync());
        Assert.Equal(600_000, (await fixture.GetAsync($"/job/{id}")).Assert2xx().Json.GetProperty("operation").GetProperty("data").GetProperty("args")[0].GetString()!.Length);
    }

    [Fact]
    public async Task A_retry_has_an_object_of_its_own_and_a_deletion_takes_that_of_its_job()
    {
        var id = await SubmitAsync(Large);
        await EndAsync(id);
        var retry = (await fixture.SendAsync("POST", $"/job/{id}/retry", "{}")).Assert2xx(HttpStatusCode.Created).JobId;
        Assert.Equal(2, (await StoredAsync()).Count);

        Assert.Equal(HttpStatusCode.NoContent, (await fixture.SendAsync("DELETE", $"/job/{id}")).Status);

        Assert.StartsWith(retry, Assert.Single(await StoredAsync()), StringComparison.Ordinal);
        await EndAsync(retry);
        Assert.Equal(HttpStatusCode.NoContent, (await fixture.SendAsync("DELETE", $"/job/{retry}")).Status);
        Assert.Empty(await StoredAsync());
        Assert.Empty(Directory.GetFiles(System.IO.Path.Combine(fixture.Directory, "objects")));
    }

    [Theory]
    [InlineData(1.1)]
    [InlineData(30)]
    public async Task Retention_takes_the_object_with_the_job(double days)
    {
        var id = await SubmitAsync(Large);
        await EndAsync(id);
        Assert.Single(await StoredAsync());

        // Only the last day with its timers.
        fixture.Time.AdjustTime(fixture.Time.GetUtcNow() + TimeSpan.FromDays(days - 1));
        fixture.Time.Advance(TimeSpan.FromDays(1));
        await fixture.CountAsync(0);

        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task Another_controller_completes_a_deletion_with_its_object()
    {
        var id = await SubmitAsync(Large);
        await EndAsync(id);
        // The controller that deletes it dies after the tombstone.
        connection.BreakAt = append => append.Subject == Subjects.State(JobId.Parse(id), "web-01");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.SendAsync("DELETE", $"/job/{id}")).Status);
        Assert.Single(await StoredAsync());
        connection.BreakAt = null;

        await fixture.AdvanceUntilAsync(UntilStoredAsync(0), JobRetention.CompleteAfter);
    }

    [Fact]
    public async Task Secrets_are_in_an_object_until_the_job_is_over()
    {
        var secret = string.Concat(Enumerable.Repeat(Canary, 60_000));
        var body = $$"""{"command":"true","stdin":"{{secret}}"}""";
        var (ended, expiring) = (await SubmitAsync(body), (await fixture.SendAsync("POST", $"{Path}?start_within=60", body, prefer: "respond-async")).JobId);
        Assert.Equal(2, (await StoredAsync()).Count);
        var command = JobJson.Command((await fixture.Transport.LastAsync(StreamName.Commands, Subjects.Command("web-01", JobId.Parse(ended)), fixture.TestTimeout))!.Payload);
        Assert.Equal(body, Encoding.UTF8.GetString((await RequestObjects.ReadAsync(fixture.Transport, command.RequestObject!, fixture.TestTimeout))!.Value.Span));
        Assert.Equal("***", (await fixture.GetAsync($"/job/{ended}")).Json.GetProperty("operation").GetProperty("data").GetProperty("stdin").GetString());
        (await fixture.SendAsync("POST", Path, body, key: ended, prefer: "respond-async")).Assert2xx(HttpStatusCode.Accepted);
        (await fixture.SendAsync("POST", Path, body.Replace(Canary, "other", StringComparison.Ordinal), key: ended)).AssertProblem(HttpStatusCode.Conflict, $"job {ended} already exists with a different request");

        await EndAsync(ended);
        await UntilStoredAsync(1);
        await fixture.AdvanceUntilAsync(UntilStoredAsync(0), TimeSpan.FromSeconds(1));

        Assert.Equal("failed", await fixture.StatusOfAsync(expiring));
        Assert.Null(await fixture.Transport.LastAsync(StreamName.Commands, Subjects.Request(JobId.Parse(ended)), fixture.TestTimeout));
        await AssertInNoFileAsync(Canary);
        Assert.DoesNotContain(fixture.Logs.Lines, line => line.Contains(Canary, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Missing_commands_are_completed_with_the_same_object(bool hasSecrets)
    {
        var id = Guid.NewGuid().ToString();
        var command = Subjects.Command("web-01", JobId.Parse(id));
        connection.BreakAt = append => append.Subject == command;
        var body = hasSecrets ? $$"""{"command":"true","stdin":"{{new string('x', 600_000)}}"}""" : Large;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.SendAsync("POST", Path, body, key: id)).Status);
        connection.BreakAt = null;

        fixture.Time.Advance(CommandRepair.RepairDelay);
        Message? message;
        while ((message = await fixture.Transport.LastAsync(StreamName.Commands, command, fixture.TestTimeout)) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, fixture.TestTimeout);

        Assert.Equal(Assert.Single(await StoredAsync()), JobJson.Command(message.Payload).RequestObject!.Name);
        Assert.Equal(body, Encoding.UTF8.GetString((await RequestObjects.ReadAsync(fixture.Transport, JobJson.Command(message.Payload).RequestObject!, fixture.TestTimeout))!.Value.Span));
    }

    [Fact]
    public async Task What_a_controller_stored_before_it_died_is_removed_and_what_jobs_need_stays()
    {
        var id = await SubmitAsync(Large);
        // It dies before the record is in the log.
        connection.Refuse = append => append.Stream == StreamName.Jobs;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.SendAsync("POST", Path, Large)).Status);
        Assert.Equal(2, (await StoredAsync()).Count);
        connection.Refuse = null;

        // The only process of its store removes it at its start, others when it is old.
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await fixture.StopAsync();
        await fixture.StartAsync(isAlone: true);
        await UntilStoredAsync(1);

        await RequestObjects.PutAsync(fixture.Transport, JobId.Parse(Guid.NewGuid().ToString()), new byte[300_000], fixture.TestTimeout);
        await RequestObjects.PutAsync(fixture.Transport, JobId.Parse(id), new byte[300_000], fixture.TestTimeout);
        Assert.Equal(3, (await StoredAsync()).Count);
        fixture.Time.Advance(RequestSweep.GracePeriod + TimeSpan.FromMinutes(1));
        await fixture.AdvanceUntilAsync(UntilStoredAsync(1), RequestSweep.Interval);
        Assert.StartsWith(id, Assert.Single(await StoredAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_whose_object_is_gone_is_not_shown_and_not_retried()
    {
        var id = await SubmitAsync(Large);
        await EndAsync(id);
        await fixture.Transport.Requests.DeleteAsync(Assert.Single(await StoredAsync()), fixture.TestTimeout);

        Assert.False((await fixture.GetAsync($"/job/{id}")).Assert2xx().Json.GetProperty("operation").TryGetProperty("data", out _));
        (await fixture.SendAsync("POST", $"/job/{id}/retry", "{}")).AssertProblem(HttpStatusCode.Conflict, $"the request of job {id} is not in the store any more: call command.exec.execute again");
    }

    [Fact]
    public void Every_operation_refuses_what_an_agent_of_an_earlier_version_gets()
    {
        var operations = OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host).ToList();

        Assert.True(operations.Count > 20);
        Assert.All(operations, operation => Assert.Contains("needs a newer agent is unknown", RequestBinder.Bind(operation.RequestInfo, RequestObjects.Placeholder).Text, StringComparison.Ordinal));
    }

    private static string Body(string argument) => $$"""{"command":"true","args":["{{argument}}"]}""";

    private async Task<string> SubmitAsync(string body) => (await fixture.SendAsync("POST", $"{Path}?start_within=3600", body, prefer: "respond-async")).Assert2xx(HttpStatusCode.Accepted).JobId;

    private async Task EndAsync(string id)
    {
        Assert.True(await agent.RunAsync(id, agent.Ok()));
        await fixture.WaitForEndAsync(id);
    }

    private async Task AssertInNoFileAsync(string text)
    {
        var files = Directory.GetFiles(fixture.Directory, "*", SearchOption.AllDirectories).Where(file => System.IO.Path.GetFileName(file) != "lock").ToList();
        Assert.True(files.Count > 3);
        foreach (var file in files)
            Assert.DoesNotContain(text, await File.ReadAllTextAsync(file, Encoding.Latin1, fixture.TestTimeout), StringComparison.Ordinal);
    }

    private async Task<List<string>> StoredAsync() => [.. (await fixture.Transport.Requests.ListAsync(fixture.TestTimeout)).Select(stored => stored.Name)];

    private async Task<bool> UntilStoredAsync(int count)
    {
        while ((await StoredAsync()).Count != count)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, fixture.TestTimeout);
        return true;
    }
}
