using System.Diagnostics;
using System.Text.Json;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of finding jobs among many.</summary>
public sealed class JobListTests() : ControllerTest(new AgentSetup("web-01", Group: "web"))
{
    [Fact]
    public async Task Every_filter_alone_and_all_of_them_together()
    {
        var other = await fixture.AgentAsync("Web-02", ("group", "web"));
        var any = await fixture.SubmitAsync("_any");
        await other.RunAsync(any, other.Ok(), any: true);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var label = await fixture.SubmitAsync("group:web");
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var uptime = (await fixture.SendAsync("GET", "/node/web-01/uptime", prefer: "respond-async", token: fixture.Tokens.Generate("else", ["admin"], [], TimeSpan.FromHours(1)))).JobId;
        await agent.RunAsync(uptime, agent.Failed(ErrorType.Failed, "x"));
        await fixture.WaitForEndAsync(uptime);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var retry = (await fixture.PostAsync($"/job/{uptime}/retry")).JobId;

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

    [Fact]
    public async Task A_list_carries_heads_however_large_requests_and_results_are()
    {
        var large = new string('x', 500_000);
        for (var i = 0; i < 3; i++)
        {
            var id = (await fixture.SendAsync("POST", "/node/web-01/file/deploy", $$"""{"object_name":"a","path":"/a","content_type":"template","vars":{"text":"{{large}}"} }""", prefer: "respond-async")).JobId;
            await agent.RunAsync(id, agent.Failed(ErrorType.Failed, new string('e', 20_000)));
            Assert.Contains(large, (await fixture.WaitForEndAsync(id)).Body, StringComparison.Ordinal);
        }

        var list = (await fixture.GetAsync("/job?limit=100")).Assert2xx();
        using var events = await EventLines.OpenAsync(fixture, "/job/events", "1");
        var shown = (await events.NextAsync())!;
        while (shown.Event != "failed")
            shown = (await events.NextAsync())!;

        Assert.InRange(list.Body.Length, 1, 2_000);
        Assert.Equal("""{"type":"file.deploy.execute"}""", list.Json.GetProperty("items")[0].GetProperty("operation").GetRawText());
        Assert.EndsWith("e...", JsonElement.Parse(shown.Data!).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.InRange(shown.Data!.Length, 4096, 5_000);
    }

    [Theory]
    [InlineData("?since=yesterday", "since must be a time such as 2026-01-31T12:00:00Z")]
    [InlineData("?cursor=0&limit=0&status=done", "status must be one of submitted, processing, completed, failed, partial_failure, cancelled; limit must be between 1 and 100; cursor must be between 1 and 9007199254740991")]
    [InlineData("?operation=&retry_of=x", "operation must not be empty; retry_of must be a job id (a UUID)")]
    [InlineData("?host=web-01", "host is unknown")]
    public async Task Invalid_filters_are_refused(string query, string error) =>
        (await fixture.GetAsync("/job" + query)).AssertProblem(System.Net.HttpStatusCode.BadRequest, error);

    [Fact]
    public async Task Pages_by_cursor_show_each_job_once_despite_concurrent_changes()
    {
        List<string> ids = [];
        for (var i = 0; i < 25; i++)
        {
            ids.Add(await fixture.SubmitAsync("web-01"));
            await agent.RunAsync(ids[^1], agent.Ok());
        }

        await fixture.CatchUpAsync();
        ids.Reverse();
        List<string> seen = [];
        long? cursor = null;
        do
        {
            var page = (await fixture.GetAsync($"/job?limit=7{(cursor is null ? "" : $"&cursor={cursor}")}")).Assert2xx().Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetInt64() : null;
            // A new job arrives, and the one at the cursor is deleted.
            await agent.RunAsync(await fixture.SubmitAsync("web-01"), agent.Ok());
            await fixture.SendAsync("DELETE", $"/job/{seen[^1]}");
        }
        while (cursor is not null);

        Assert.Equal(ids, seen);
    }

    /// <summary>
    /// Tests the read model alone: pages and filters of a hundred thousand jobs are answered without reading them all.
    /// </summary>
    [Fact]
    public void A_hundred_thousand_jobs_are_listed_page_by_page()
    {
        var jobs = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 100_000 : 10_000;
        using var index = JobIndex.Open(Path.Combine(fixture.Directory, "many.db"));
        index.Position(new(fixture.Time.GetUtcNow(), 0));
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < jobs; i += 250)
            Apply(index, i);
        List<string> numbers = [$"{2 * jobs} messages taken in: {clock.ElapsedMilliseconds} ms"];

        foreach (var (name, request, cursor, offset, expected) in new (string, ListJobs, long?, int, long)[]
        {
            ("the newest", new(), null, 0, jobs),
            ("a page in the middle, by cursor", new(), jobs, 0, jobs),
            ("the last page, by offset", new(), null, jobs - 100, jobs),
            ("by status", new() { Status = Osapi.Operations.Jobs.JobStatus.Failed }, null, 0, jobs / 10),
            ("by caller", new() { Caller = "user-7" }, null, 0, jobs / 100),
            ("by host and status", new() { Hostname = "host-3", Status = Osapi.Operations.Jobs.JobStatus.Completed }, null, 0, jobs / 50),
            ("by operation and target", new() { Operation = "node.uptime.get", Target = "host-3" }, null, 0, (jobs + 146) / 150),
            ("of one second", new() { Since = fixture.Time.GetUtcNow().AddSeconds(20), Until = fixture.Time.GetUtcNow().AddSeconds(21) }, null, 0, 100),
        })
        {
            JobFilter filter = new(request);
            clock.Restart();
            var page = index.List(filter, 100, offset, cursor);
            var list = clock.Elapsed;
            clock.Restart();
            var total = index.Count(filter);
            numbers.Add($"{name}: page {list.TotalMilliseconds:0.0} ms, count {clock.Elapsed.TotalMilliseconds:0.0} ms");
            Assert.Equal(((long, long expected))(Math.Min(100, expected), expected), ((long, long))(page.Count, total));
        }

        HashSet<string> seen = [];
        clock.Restart();
        for (IReadOnlyList<ListedJob> page = index.List(new(new()), 100, 0, null); page.Count > 0; page = index.List(new(new()), 100, 0, page[^1].Sequence))
            seen.UnionWith(page.Select(job => job.Record.Id.ToString()));
        numbers.Add($"all {jobs / 100} pages: {clock.ElapsedMilliseconds} ms");
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("\n", numbers));
        Assert.Equal(jobs, seen.Count);
    }

    private void Apply(JobIndex index, int first)
    {
        List<AppliedMessage> messages = [];
        List<ActiveJob> touched = [];
        for (var i = first; i < first + 250; i++)
        {
            JobRecord record = new()
            {
                Id = JobId.Parse($"{Guid.CreateVersion7(fixture.Time.GetUtcNow())}"),
                Operation = i % 3 == 0 ? "node.uptime.get" : "node.hostname.get",
                Request = JobRecord.NoRequest,
                Target = $"host-{i % 50}",
                Hosts = [$"host-{i % 50}"],
                Created = fixture.Time.GetUtcNow().AddMilliseconds(i * 10),
                StartWithin = 10,
                Timeout = 30,
                Caller = $"user-{i % 100}",
            };
            var entry = agent.Ok() with { Hostname = record.Hosts[0], Outcome = i % 10 == 0 ? Outcome.Failed : Outcome.Ok };
            JobEvent start = new() { Kind = JobEventKind.Start, Host = record.Hosts[0], Ledger = "l" };
            var fin = start with { Kind = JobEventKind.Finished, Outcome = entry.Outcome, Entry = JsonElement.Parse(JobEntries.Bytes(entry)) };
            ActiveJob job = new(record);
            messages.Add(new(JobLogEntry.Read(new(Subjects.Record(record.Id), (2 * i) + 1, record.Created, JobJson.Bytes(record))), JobStatus.Submitted));
            var state = JobLogEntry.Read(new(Subjects.State(record.Id, record.Hosts[0]), (2 * i) + 2, record.Created, JobJson.Bytes(fin)));
            job.Apply(record.Hosts[0], new(start, (2 * i) + 1, record.Created));
            job.Apply(record.Hosts[0], state.State!);
            messages.Add(new(state, job.Phase));
            touched.Add(job);
        }

        index.Apply(messages, touched);
    }

    private async Task AssertAsync(string query, params string[] expected)
    {
        var list = (await fixture.GetAsync("/job" + query)).Assert2xx().Json;
        Assert.Equal(expected, list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.Equal(expected.Length, list.GetProperty("total_items").GetInt64());
    }
}
