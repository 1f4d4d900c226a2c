using System.Net;
using System.Text;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of secrets in requests: they are in the commands of a job until it is over, and nowhere else.</summary>
public sealed class SecretTests() : ControllerTest(new ControllerSetup { HasBreakableConnection = true, Agents = [new("web-01")] })
{
    private const string Canary = "c4n4ry-8831";
    private const string Body = $$$"""{"command":"true","args":["visible"],"env":{"TOKEN":"{{{Canary}}}"},"stdin":"{{{Canary}}}"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_host_gets_them_and_nobody_else_sees_them()
    {
        var id = await SubmitAsync();

        Assert.Contains(Canary, await PayloadAsync(StreamName.Commands, Subjects.Command("web-01", JobId.Parse(id))), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, await PayloadAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(id))), StringComparison.Ordinal);
        var shown = (await fixture.GetAsync($"/job/{id}")).Assert2xx();
        Assert.DoesNotContain(Canary, shown.Body, StringComparison.Ordinal);
        var data = shown.Json.GetProperty("operation").GetProperty("data");
        Assert.Equal(("***", "***", "visible"), (data.GetProperty("env").GetProperty("TOKEN").GetString(), data.GetProperty("stdin").GetString(), data.GetProperty("args")[0].GetString()));
        Assert.DoesNotContain(fixture.Logs.Lines, line => line.Contains(Canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task They_are_removed_when_the_job_is_over()
    {
        var id = await SubmitAsync();
        var (command, request) = (Subjects.Command("web-01", JobId.Parse(id)), Subjects.Request(JobId.Parse(id)));
        Assert.NotNull(await fixture.Transport.LastAsync(StreamName.Commands, request, Token));

        Assert.True(await agent.RunAsync(id, agent.Ok()));
        await fixture.WaitForEndAsync(id);

        await WaitAsync(command, isThere: false);
        await WaitAsync(request, isThere: false);
        Assert.DoesNotContain(Directory.GetFiles(fixture.Directory, "jobs.db*"), file => File.ReadAllText(file, Encoding.Latin1).Contains(Canary, StringComparison.Ordinal));
        (await fixture.SendAsync("POST", $"/job/{id}/retry", "{}")).AssertProblem(HttpStatusCode.Conflict, $"job {id} had secrets, which are removed when a job is over: call command.exec.execute again");
    }

    [Fact]
    public async Task A_job_for_any_host_that_expires_or_is_cancelled_leaves_them_not_in_the_queue()
    {
        const string Path = "/node/_any/command/exec?start_within=";
        var (expired, cancelled, waiting) = (await QueueAsync("5"), await QueueAsync("3600"), await QueueAsync("3600"));
        Assert.Equal(3, (await QueuedAsync()).Count);

        (await fixture.AdvanceUntilAsync(fixture.SendAsync("POST", $"/job/{cancelled}/cancel"), TimeSpan.FromSeconds(1))).Assert2xx(HttpStatusCode.Accepted);
        await fixture.AdvanceUntilAsync(LeftAsync(1), TimeSpan.FromSeconds(1));

        Assert.Equal("failed", (await fixture.GetAsync($"/job/{expired}")).Json.GetProperty("status").GetString());
        Assert.Contains(waiting, Encoding.UTF8.GetString(Assert.Single(await QueuedAsync()).Payload.Span), StringComparison.Ordinal);

        async Task<string> QueueAsync(string startWithin) => (await fixture.SendAsync("POST", $"{Path}{startWithin}", Body, prefer: "respond-async")).Assert2xx(HttpStatusCode.Accepted).JobId;
        Task<IReadOnlyList<Message>> QueuedAsync() => fixture.Transport.ReadAsync(StreamName.WorkQueue, Subjects.Any, 0, 10, fixture.TestTimeout);
        async Task<bool> LeftAsync(int count)
        {
            while ((await QueuedAsync()).Count != count)
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, fixture.TestTimeout);
            return true;
        }
    }

    [Fact]
    public async Task What_a_controller_did_not_remove_before_it_died_another_one_removes()
    {
        var id = await SubmitAsync();
        var (command, request) = (Subjects.Command("web-01", JobId.Parse(id)), Subjects.Request(JobId.Parse(id)));
        var (ofHost, whole) = ((await fixture.Transport.LastAsync(StreamName.Commands, command, Token))!.Payload, (await fixture.Transport.LastAsync(StreamName.Commands, request, Token))!.Payload);
        Assert.True(await agent.RunAsync(id, agent.Ok()));
        await fixture.WaitForEndAsync(id);
        await WaitAsync(request, isThere: false);
        // As if it had died before.
        await fixture.Transport.AppendAsync([new(StreamName.Commands, request, whole), new(StreamName.Commands, command, ofHost)], Token);

        await fixture.AddControllerAsync();

        await WaitAsync(request, isThere: false);
        await WaitAsync(command, isThere: false);
    }

    [Fact]
    public async Task The_same_id_is_the_same_job_only_with_the_same_secrets()
    {
        var id = await SubmitAsync();

        var same = Body.Replace(",\"stdin\"", ", \"stdin\"", StringComparison.Ordinal);
        Assert.Equal(id, (await fixture.SendAsync("POST", "/node/web-01/command/exec", same, key: id, prefer: "respond-async")).Assert2xx(HttpStatusCode.Accepted).JobId);
        (await fixture.SendAsync("POST", "/node/web-01/command/exec", Body.Replace(Canary, "another", StringComparison.Ordinal), key: id))
            .AssertProblem(HttpStatusCode.Conflict, $"job {id} already exists with a different request");
    }

    [Fact]
    public async Task Missing_commands_are_completed_with_them()
    {
        var id = Guid.NewGuid().ToString();
        var command = Subjects.Command("web-01", JobId.Parse(id));
        connection.BreakAt = append => append.Subject == command;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.SendAsync("POST", "/node/web-01/command/exec", Body, key: id)).Status);
        connection.BreakAt = null;

        await fixture.AdvanceUntilAsync(WaitAsync(command, isThere: true), TimeSpan.FromSeconds(1));

        Assert.Contains(Canary, await PayloadAsync(StreamName.Commands, command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_of_jobs_sees_neither_request_nor_result_of_operations_that_it_may_not_call_and_its_own_jobs_wholly()
    {
        var id = await SubmitAsync();
        Assert.True(await agent.RunAsync(id, agent.Ok("""{"stdout":"output","stderr":"","exit_code":0,"duration_ms":1,"changed":true}""")));
        await fixture.WaitForEndAsync(id);

        var reader = (await fixture.SendAsync("GET", $"/job/{id}", token: TokenOf("reader", "read"))).Assert2xx();
        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.SendAsync("GET", $"/job/{id}/output", token: TokenOf("reader", "read"))).Status);
        var admin = (await fixture.SendAsync("GET", $"/job/{id}", token: TokenOf("other", "admin"))).Assert2xx();

        Assert.False(reader.Json.GetProperty("operation").TryGetProperty("data", out _));
        Assert.DoesNotContain("output", reader.Body, StringComparison.Ordinal);
        Assert.Equal("completed", reader.Json.GetProperty("status").GetString());
        Assert.Contains("output", admin.Body, StringComparison.Ordinal);
    }

    private string TokenOf(string subject, string role) => fixture.Tokens.Generate(subject, [role], [], TimeSpan.FromHours(1));

    private async Task<bool> WaitAsync(string subject, bool isThere)
    {
        while (await fixture.Transport.LastAsync(StreamName.Commands, subject, fixture.TestTimeout) is not null != isThere)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, fixture.TestTimeout);
        return true;
    }

    private async Task<string> SubmitAsync() =>
        (await fixture.SendAsync("POST", "/node/web-01/command/exec?start_within=3600", Body, prefer: "respond-async")).Assert2xx(HttpStatusCode.Accepted).JobId;

    private async Task<string> PayloadAsync(StreamName stream, string subject) =>
        Encoding.UTF8.GetString((await fixture.Transport.LastAsync(stream, subject, Token))!.Payload.Span);
}
