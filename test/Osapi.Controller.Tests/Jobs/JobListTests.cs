using System.Diagnostics;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Finding jobs among many.</summary>
public sealed class JobListTests : IAsyncLifetime
{
    private ControllerRoom room = null!;
    private ScriptedAgent agent = null!;

    public async ValueTask InitializeAsync()
    {
        room = await ControllerRoom.OpenAsync();
        agent = await room.AgentAsync("web-01", ("group", "web"));
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Every_filter_alone_and_all_of_them_together()
    {
        var other = await room.AgentAsync("Web-02", ("group", "web"));
        var any = await room.SubmitAsync("_any");
        await other.RunAsync(any, other.Ok(), any: true);
        room.Time.Advance(TimeSpan.FromSeconds(1));
        var label = await room.SubmitAsync("group:web");
        room.Time.Advance(TimeSpan.FromSeconds(1));
        var uptime = (await room.SendAsync("GET", "/node/web-01/uptime", prefer: "respond-async", token: room.Tokens.Generate("else", ["admin"], [], TimeSpan.FromHours(1)))).JobId;
        await agent.RunAsync(uptime, agent.Failed(ErrorType.Failed, "x"));
        await room.EndOfAsync(uptime);
        room.Time.Advance(TimeSpan.FromSeconds(1));
        var retry = (await room.PostAsync($"/job/{uptime}/retry")).JobId;

        await AssertAsync("", retry, uptime, label, any);
        await AssertAsync("?operation=node.uptime.get", retry, uptime);
        await AssertAsync("?operation=node.uptime", []);
        await AssertAsync("?target=group:web", label);
        await AssertAsync("?target=web-01", retry, uptime);
        await AssertAsync("?hostname=web-01", retry, uptime, label);
        await AssertAsync("?hostname=web-02", label, any);
        await AssertAsync("?hostname=WEB-02&status=completed", any);
        await AssertAsync("?hostname=web-03", []);
        await AssertAsync("?caller=else", uptime);
        await AssertAsync("?caller=somebody", retry, label, any);
        await AssertAsync($"?retry_of={uptime}", retry);
        await AssertAsync("?since=2026-11-01T12:00:01Z", retry, uptime, label);
        await AssertAsync("?since=2026-11-01T13:00:01.5%2B01:00", retry, uptime);
        await AssertAsync("?until=2026-11-01T12:00:01Z", any);
        await AssertAsync("?until=2026-11-01T12:00:01.0000001Z", label, any);
        await AssertAsync("?since=2026-11-01T12:00:01Z&until=2026-11-01T12:00:02Z", label);
        await AssertAsync("?status=failed&operation=node.uptime.get&target=web-01&hostname=web-01&caller=else&since=2026-11-01T12:00:00Z&until=2026-11-02T00:00:00Z", uptime);
        await AssertAsync("?status=failed&caller=somebody", []);
    }

    [Theory]
    [InlineData("?since=yesterday", "since must be a time such as 2026-01-31T12:00:00Z")]
    [InlineData("?cursor=0&limit=0&status=done", "status must be one of submitted, processing, completed, failed, partial_failure, cancelled; limit must be between 1 and 100; cursor must be between 1 and 9007199254740991")]
    [InlineData("?operation=&retry_of=x", "operation must not be empty; retry_of must be a job id (a UUID)")]
    [InlineData("?host=web-01", "host is unknown")]
    public async Task What_is_no_filter_is_refused(string query, string error) =>
        (await room.GetAsync("/job" + query)).AssertProblem(System.Net.HttpStatusCode.BadRequest, error);

    [Fact]
    public async Task Pages_by_cursor_show_each_job_once_whatever_comes_and_goes_meanwhile()
    {
        List<string> ids = [];
        for (var i = 0; i < 25; i++)
        {
            ids.Add(await room.SubmitAsync("web-01"));
            await agent.RunAsync(ids[^1], agent.Ok());
        }

        await room.CaughtUpAsync();
        ids.Reverse();
        List<string> seen = [];
        long? cursor = null;
        do
        {
            var page = (await room.GetAsync($"/job?limit=7{(cursor is null ? "" : $"&cursor={cursor}")}")).Assert2xx().Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetInt64() : null;
            // One comes, and one that was shown goes, the one at the cursor.
            await agent.RunAsync(await room.SubmitAsync("web-01"), agent.Ok());
            await room.SendAsync("DELETE", $"/job/{seen[^1]}");
        }
        while (cursor is not null);

        Assert.Equal(ids, seen);
    }

    /// <summary>Pages and filters of a hundred thousand jobs are answered without reading them all.</summary>
    [Fact]
    public async Task A_hundred_thousand_jobs_are_listed_page_by_page()
    {
        await room.StopAsync();
        var jobs = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 100_000 : 10_000;
        await using (var store = await EmbeddedTransport.OpenAsync(new() { Directory = room.Directory, TimeProvider = room.Time }, room.Patience))
            for (var i = 0; i < jobs; i += 500)
                await store.AppendAsync([.. Enumerable.Range(i, 500).SelectMany(Messages)], room.Patience);
        var clock = Stopwatch.StartNew();
        await room.StartAsync();
        List<string> numbers = [$"{2 * jobs} messages read in {clock.ElapsedMilliseconds} ms"];

        foreach (var query in (string[])["", "?status=failed&limit=100", "?caller=user-7&limit=100", "?hostname=host-3", "?operation=node.uptime.get&status=completed", "?since=2026-11-01T12:01:00Z&until=2026-11-01T12:01:01Z", $"?limit=100&cursor={jobs}", $"?limit=100&offset={jobs - 100}"])
        {
            await room.GetAsync("/job" + query);
            clock.Restart();
            var total = (await room.GetAsync("/job" + query)).Assert2xx().Json.GetProperty("total_items").GetInt64();
            numbers.Add($"/job{query}: {total} in {clock.Elapsed.TotalMilliseconds:0.0} ms");
        }

        var (seen, cursor) = (0, (long?)null);
        clock.Restart();
        do
        {
            var page = (await room.GetAsync($"/job?limit=100{(cursor is null ? "" : $"&cursor={cursor}")}")).Json;
            seen += page.GetProperty("items").GetArrayLength();
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetInt64() : null;
        }
        while (cursor is not null);

        numbers.Add($"all {jobs / 100} pages: {clock.Elapsed.TotalMilliseconds:0} ms");
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("\n", numbers));
        Assert.Equal(jobs, seen);

        IEnumerable<Append> Messages(int i)
        {
            JobRecord record = new()
            {
                Id = $"{Guid.CreateVersion7(room.Time.GetUtcNow())}",
                Operation = i % 3 == 0 ? "node.uptime.get" : "node.hostname.get",
                Request = JsonElement.Parse("{}"),
                Target = $"host-{i % 50}",
                Hosts = [$"host-{i % 50}"],
                Created = room.Time.GetUtcNow().AddMilliseconds(i * 10),
                StartWithin = 10,
                Timeout = 30,
                Caller = $"user-{i % 100}",
            };
            var entry = agent.Ok() with { Outcome = i % 10 == 0 ? Outcome.Failed : Outcome.Ok };
            JobEvent fin = new() { Kind = JobEventKind.Fin, Host = record.Hosts[0], Outcome = entry.Outcome, Entry = JsonElement.Parse(JobEntries.Bytes(entry)) };
            return [new(StreamName.Jobs, Subjects.Record(record.Id), JobJson.Bytes(record)), new(StreamName.Jobs, Subjects.State(record.Id, record.Hosts[0]), JobJson.Bytes(fin))];
        }
    }

    private async Task AssertAsync(string query, params string[] expected)
    {
        var list = (await room.GetAsync("/job" + query)).Assert2xx().Json;
        Assert.Equal(expected, list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.Equal(expected.Length, list.GetProperty("total_items").GetInt64());
    }
}
