using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of the read model: a copy of the log that can be lost.</summary>
public sealed class JobIndexTests() : ControllerTest(new AgentSetup("web-01"))
{
    private string IndexPath => Path.Combine(fixture.Directory, "jobs.db");

    [Theory]
    [InlineData("deleted")]
    [InlineData("no database")]
    [InlineData("empty")]
    [InlineData("damaged in the middle")]
    [InlineData("of another version")]
    [InlineData("of another log")]
    [InlineData("ahead of the log")]
    [InlineData("ahead of the log by one")]
    [InlineData("untouched")]
    public async Task It_is_rebuilt_from_the_log_when_it_is_damaged_or_foreign(string what)
    {
        for (var i = 0; i < 40; i++)
            await agent.RunAsync(await fixture.SubmitAsync("web-01"), agent.Ok());
        var open = await fixture.SubmitAsync("web-01");
        await fixture.CatchUpAsync();
        var before = (await fixture.GetAsync("/job?limit=100")).Body;
        await fixture.StopAsync();

        switch (what)
        {
            case "deleted": Delete(); break;
            case "no database": File.WriteAllText(IndexPath, "this is no database, and it is long enough to be looked at"); break;
            case "empty": Delete(); File.WriteAllText(IndexPath, ""); break;
            case "damaged in the middle": Damage(); break;
            case "of another version": Execute("PRAGMA user_version = 99; DROP TABLE state"); break;
            case "of another log": Execute("UPDATE meta SET value = value + 1 WHERE key = 'created'; UPDATE job SET status = 0"); break;
            case "ahead of the log by one": Execute("UPDATE meta SET value = value + 1 WHERE key = 'position'; UPDATE job SET status = 0"); break;
            case "ahead of the log": Execute("UPDATE meta SET value = 1000000 WHERE key = 'position'; UPDATE job SET status = 0"); break;
        }

        await fixture.StartAsync();

        Assert.Equal(before, (await fixture.GetAsync("/job?limit=100")).Assert2xx().Body);
        Assert.True(await agent.RunAsync(open, agent.Ok()));
        Assert.Equal("completed", (await fixture.WaitForEndAsync(open)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_controller_starts_on_a_log_whose_newest_messages_were_removed()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(id, agent.Ok());
        await fixture.WaitForEndAsync(id);
        await fixture.Transport.PurgeAsync(StreamName.Jobs, Subjects.State(JobId.Parse(id), agent.Key), before: null, fixture.TestTimeout);
        await fixture.Transport.PurgeAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(id)), before: null, fixture.TestTimeout);
        await fixture.StopAsync();
        Delete();

        await fixture.StartAsync();

        Assert.Equal(0, (await fixture.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());
    }

    [Fact]
    public async Task It_forgets_what_the_log_forgets()
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(id, agent.Ok());
        await fixture.WaitForEndAsync(id);
        await fixture.StopAsync();
        fixture.Time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        await fixture.StartAsync();
        await fixture.WaitForNoJobsAsync();

        (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.NotFound, $"job not found: {id}");
    }

    [Fact]
    public async Task Only_its_owner_can_read_it()
    {
        await fixture.SubmitAsync("web-01");

        Assert.All(
            Directory.GetFiles(fixture.Directory, "jobs.db*"),
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
    }

    [Fact]
    public async Task Twenty_thousand_jobs_are_read_and_listed()
    {
        await fixture.StopAsync();
        const int Jobs = 20_000;
        List<string> ids = [];
        await using (var store = await EmbeddedTransport.OpenAsync(new() { Directory = fixture.Directory, TimeProvider = fixture.Time }, fixture.TestTimeout))
            for (var i = 0; i < Jobs; i += 500)
                await store.AppendAsync([.. Enumerable.Range(i, 500).SelectMany(Messages)], fixture.TestTimeout);

        var clock = Stopwatch.StartNew();
        await fixture.StartAsync();
        var start = clock.Elapsed;
        List<string> numbers = [$"read {3 * Jobs} messages: {start.TotalMilliseconds:0} ms"];
        foreach (var query in (string[])["/job", "/job?status=failed&limit=100", "/job?limit=100&offset=19900", $"/job/{ids[Jobs / 2]}"])
        {
            await fixture.GetAsync(query);
            clock.Restart();
            (await fixture.GetAsync(query)).Assert2xx();
            numbers.Add($"{query.Split('/', 3)[1]}: {clock.Elapsed.TotalMilliseconds:0.0} ms");
        }

        Assert.Equal(Jobs, (await fixture.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());
        Assert.Equal(Jobs / 10, (await fixture.GetAsync("/job?status=failed")).Json.GetProperty("total_items").GetInt32());
        clock.Restart();
        await fixture.StopAsync();
        await fixture.StartAsync();
        numbers.Add($"restart: {clock.Elapsed.TotalMilliseconds:0} ms");
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("; ", numbers));

        IEnumerable<Append> Messages(int i)
        {
            var id = Guid.CreateVersion7(fixture.Time.GetUtcNow()).ToString();
            ids.Add(id);
            JobRecord record = new()
            {
                Id = JobId.Parse(id),
                Operation = "node.hostname.get",
                Request = JobRecord.NoRequest,
                Target = "web-01",
                Hosts = ["web-01"],
                Created = fixture.Time.GetUtcNow(),
                StartWithin = 10,
                Timeout = 30,
            };
            JobEvent state = new() { Kind = JobEventKind.Start, Host = "web-01", Ledger = "l", Session = "s" };
            var entry = i % 10 == 0 ? agent.Failed(ErrorType.Failed, "x") : agent.Ok();
            var fin = state with { Kind = JobEventKind.Finished, Outcome = entry.Outcome, Entry = JsonElement.Parse(JobEntries.Bytes(entry)) };
            return
            [
                new(StreamName.Jobs, Subjects.Record(JobId.Parse(id)), JobJson.Bytes(record)),
                new(StreamName.Jobs, Subjects.State(JobId.Parse(id), agent.Key), JobJson.Bytes(state)),
                new(StreamName.Jobs, Subjects.State(JobId.Parse(id), agent.Key), JobJson.Bytes(fin)),
            ];
        }
    }

    /// <summary>Tests that the cost of each reply of a broadcast does not grow with the number of earlier replies.</summary>
    [Fact]
    public async Task A_broadcast_to_a_thousand_hosts_is_answered_by_each()
    {
        const int Hosts = 1000;
        JobRecord record = new()
        {
            Id = JobId.Parse(Guid.NewGuid().ToString()),
            Operation = "node.hostname.get",
            Request = JobRecord.NoRequest,
            Target = "_all",
            Hosts = [.. Enumerable.Range(0, Hosts).Select(i => $"host-{i:0000}")],
            Created = fixture.Transport.ServerNow,
            StartWithin = 10,
            Timeout = 30,
        };
        await fixture.Transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(record.Id), JobJson.Bytes(record))], fixture.TestTimeout);
        await fixture.CatchUpAsync();
        var waiting = fixture.SendAsync("GET", "/node/_all/hostname", key: record.Id.ToString());
        var clock = Stopwatch.StartNew();
        // One by one, so that the read model applies them one by one.
        foreach (var host in record.Hosts)
        {
            JobEvent state = new() { Kind = JobEventKind.Start, Host = host, Ledger = "l", Session = "s" };
            var entry = JobEntries.Bytes(new() { Hostname = host, Outcome = Outcome.Ok, Result = JsonElement.Parse($$"""{"os_hostname":"{{new string('x', 2000)}}"}""") });
            var fin = state with { Kind = JobEventKind.Finished, Outcome = Outcome.Ok, Entry = JsonElement.Parse(entry) };
            await fixture.Transport.AppendAsync([new(StreamName.Jobs, Subjects.State(record.Id, HostKey.Of(host)), JobJson.Bytes(state), ExpectedLast: 0), new(StreamName.Jobs, Subjects.State(record.Id, HostKey.Of(host)), JobJson.Bytes(fin))], fixture.TestTimeout);
        }

        var answer = (await waiting).Assert2xx();
        TestContext.Current.TestOutputHelper!.WriteLine($"{Hosts} answers one by one: {clock.Elapsed.TotalMilliseconds:0} ms");
        Assert.Equal(record.Hosts.Select(host => $"{host} ok"), answer.Outcomes);
        Assert.Equal("completed", await fixture.StatusOfAsync(record.Id.ToString()));
    }

    private void Delete()
    {
        foreach (var path in Directory.GetFiles(fixture.Directory, "jobs.db*"))
            File.Delete(path);
    }

    // Damages a page in the middle, like a bad disk; the head of the file stays valid.
    private void Damage()
    {
        using FileStream file = new(IndexPath, FileMode.Open);
        for (var page = 2; page * 4096 < file.Length; page++)
        {
            file.Position = (page * 4096) + 8;
            file.Write(Enumerable.Repeat((byte)0xAB, 600).ToArray());
        }
    }

    private void Execute(string text)
    {
        using Microsoft.Data.Sqlite.SqliteConnection connection = new($"Data Source={IndexPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
