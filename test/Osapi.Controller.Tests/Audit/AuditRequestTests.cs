using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Audit;
using Osapi.Operations;
using Osapi.Operations.Audit;

namespace Osapi.Controller.Tests.Audit;

/// <summary>Tests of what is recorded about requests, and of reading it.</summary>
public sealed class AuditRequestTests() : ControllerTest(new AgentSetup("web-01", AnswersOk: true))
{
    [Fact]
    public async Task A_request_that_only_reads_has_one_entry()
    {
        (await fixture.GetAsync("/node/web-01/hostname?start_within=5")).Assert2xx();

        var entry = Assert.Single(await EntriesAsync("operation=node.hostname.get"));
        Assert.Equal(("request", "somebody", "GET", "/node/web-01/hostname", "web-01", "ok", 200), (
            Text(entry, "kind"), Text(entry, "user"), Text(entry, "method"), Text(entry, "path"), Text(entry, "target"), Text(entry, "outcome"), entry.GetProperty("response_code").GetInt32()));
        Assert.Equal("admin", Assert.Single(entry.GetProperty("roles").EnumerateArray()).GetString());
        Assert.Equal("127.0.0.1", Text(entry, "source_ip"));
        Assert.True(Guid.TryParse(Text(entry, "token_id"), out _));
    }

    [Fact]
    public async Task A_request_that_acts_has_an_entry_before_and_one_after_and_neither_has_its_content()
    {
        const string Canary = "c4n4ry-of-a-request";
        await fixture.PostAsync("/node/web-01/command/exec", $$"""{"command":"echo","args":["{{Canary}}"]}""");

        var entries = await EntriesAsync("operation=command.exec.execute");
        Assert.Equal(["end", "begin"], entries.Select(entry => Text(entry, "kind")));
        Assert.Equal(entries[1].GetProperty("number").GetInt64(), entries[0].GetProperty("first").GetInt64());
        Assert.Equal(Text(entries[1], "job"), Text(entries[0], "job"));
        Assert.Equal(["command", "args"], entries[1].GetProperty("members").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal("begun", Text(entries[1], "outcome"));
        Assert.DoesNotContain(Canary, await AllTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_entry_is_on_the_disk_before_a_host_gets_the_command()
    {
        var silent = await fixture.AgentAsync("web-02");
        var call = fixture.PostAsync("/node/web-02/command/exec", """{"command":"true"}""");
        var job = await fixture.WaitForJobAsync();

        Assert.Contains($"\"job\":\"{job}\"", await AllTextAsync(), StringComparison.Ordinal);
        Assert.Single(await EntriesAsync($"job={job}&kind=begin"));
        Assert.Empty(await EntriesAsync($"job={job}&kind=end"));
        silent.AnswersOk();
        Assert.NotNull(silent);
        _ = call;
    }

    [Fact]
    public async Task A_refused_request_has_an_entry_and_a_check_says_so()
    {
        var answer = await fixture.SendAsync("POST", "/node/web-01/command/exec", """{"command":"true"}""", token: fixture.Token(["read"]));
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        await fixture.SendAsync("PUT", $"/job/{JobId.New()}", """{"operation":"command.exec.execute","target":"web-01","request":{"command":"true"}}""", token: fixture.Token(["read"]));
        await fixture.PostAsync("/node/web-01/command/exec?check=true", """{"command":"true"}""");

        var entries = await EntriesAsync("operation=command.exec.execute");
        Assert.Equal([(true, null), (false, 403), (false, 403)], entries.Select(entry =>
            (entry.TryGetProperty("check", out var check) && check.GetBoolean(), entry.GetProperty("response_code").GetInt32() is 403 and var status ? status : default(int?))));
        Assert.All(entries, entry => Assert.Equal("request", Text(entry, "kind")));
        Assert.Equal(2, (await EntriesAsync("outcome=refused&status=403")).Count);
    }

    [Fact]
    public async Task Refusals_without_identity_are_counted_for_each_source_and_minute()
    {
        for (var i = 0; i < 3; i++)
            await fixture.SendAsync("GET", "/job", token: null);
        await fixture.SendAsync("GET", "/job", token: "nonsense");
        await fixture.SendAsync("GET", "/health", token: null);

        fixture.Time.Advance(RefusalCounts.Interval);
        var entry = Assert.Single(await UntilAsync("kind=refusals"));

        Assert.Equal((4, 401, "127.0.0.1"), (entry.GetProperty("count").GetInt32(), entry.GetProperty("response_code").GetInt32(), Text(entry, "source_ip")));
        Assert.Empty(await EntriesAsync("operation=health.liveness.get"));
    }

    [Fact]
    public async Task The_table_of_sources_is_bounded()
    {
        var refusals = fixture.Controller.Services.GetRequiredService<RefusalCounts>();
        for (var i = 0; i < 10_000; i++)
            refusals.Add($"192.0.2.{i}", 401, fixture.Time.GetUtcNow());

        fixture.Time.Advance(RefusalCounts.Interval);
        var others = Assert.Single(await UntilAsync("kind=refusals&limit=1"));

        Assert.Equal((RefusalCounts.OtherSources, 10_000 - RefusalCounts.MaxSources), (Text(others, "source_ip"), others.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task Pages_have_each_entry_once_while_entries_are_added()
    {
        for (var i = 0; i < 25; i++)
            await fixture.GetAsync($"/node/web-01/hostname");
        List<long> seen = [];
        string? cursor = null;
        do
        {
            var page = (await fixture.GetAsync($"/audit?operation=node.hostname.get&limit=4{(cursor is null ? "" : $"&cursor={cursor}")}")).Assert2xx().Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("number").GetInt64()));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(25, seen.Count);
        Assert.Equal(seen.OrderDescending(), seen);
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.GetAsync("/audit?cursor=nonsense")).Status);
    }

    [Fact]
    public async Task An_entry_is_found_by_its_id_and_an_unknown_one_is_not()
    {
        await fixture.GetAsync("/node/web-01/hostname");
        var entry = Assert.Single(await EntriesAsync("operation=node.hostname.get"));

        var found = (await fixture.GetAsync($"/audit/{Text(entry, "id")}")).Assert2xx().Json.GetProperty("entry");

        Assert.Equal(entry.GetRawText(), found.GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync($"/audit/{Guid.NewGuid()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync($"/audit/{AuditId.Of(Text(entry, "controller"), 4711)}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.GetAsync("/audit/x")).Status);
    }

    [Fact]
    public async Task An_export_is_one_document_or_lines_and_only_administrators_read()
    {
        for (var i = 0; i < 300; i++)
            await fixture.GetAsync("/node/web-01/hostname");
        await FlushAsync();

        var document = (await fixture.GetAsync("/audit/export")).Assert2xx().Json;
        using HttpRequestMessage message = new(HttpMethod.Get, "/audit/export");
        message.Headers.Add("Accept", AuditOperations.JsonLines);
        message.Headers.Authorization = new("Bearer", fixture.Admin);
        var lines = (await (await fixture.Http.SendAsync(message, fixture.TestTimeout)).Content.ReadAsStringAsync(fixture.TestTimeout)).TrimEnd('\n').Split('\n');

        Assert.Equal(document.GetProperty("total_items").GetInt32(), document.GetProperty("items").GetArrayLength());
        Assert.True(document.GetProperty("items").GetArrayLength() > 300);
        Assert.Equal(document.GetProperty("items").EnumerateArray().Select(entry => Text(entry, "id")), lines.Take(document.GetProperty("items").GetArrayLength()).Select(line => Text(JsonElement.Parse(line), "id")));
        foreach (var path in new[] { "/audit", "/audit/export", "/audit/verify", $"/audit/{Guid.NewGuid()}" })
            foreach (var role in new[] { "read", "write" })
                Assert.Equal(HttpStatusCode.Forbidden, (await fixture.SendAsync("GET", path, token: fixture.Token([role]))).Status);
    }

    [Fact]
    public async Task A_deleted_job_leaves_its_audit()
    {
        var job = (await fixture.PostAsync("/node/web-01/command/exec", """{"command":"true"}""")).JobId;
        Assert.Equal(HttpStatusCode.NoContent, (await fixture.SendAsync("DELETE", $"/job/{job}")).Status);

        Assert.Equal(["job.delete end", "job.delete begin", "command.exec.execute end", "command.exec.execute begin"], (await EntriesAsync($"job={job}")).Select(entry => $"{Text(entry, "operation_id")} {Text(entry, "kind")}"));
    }

    private async Task<IReadOnlyList<JsonElement>> EntriesAsync(string query)
    {
        await FlushAsync();
        return [.. (await fixture.GetAsync($"/audit?{query}{(query.Contains("limit", StringComparison.Ordinal) ? "" : "&limit=100")}")).Assert2xx().Json.GetProperty("items").EnumerateArray()];
    }

    private async Task<IReadOnlyList<JsonElement>> UntilAsync(string query)
    {
        while (true)
            if (await EntriesAsync(query) is { Count: > 0 } found)
                return found;
    }

    // The second entry is written when the response is complete.
    private Task FlushAsync() => fixture.Controller.Services.GetRequiredService<AuditChain>().FlushAsync();

    private async Task<string> AllTextAsync()
    {
        await FlushAsync();
        return string.Concat(Directory.EnumerateFiles(Path.Combine(fixture.Directory, "audit"), "*", SearchOption.AllDirectories).Select(path =>
        {
            using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }));
    }

    private static string Text(JsonElement entry, string member) => entry.GetProperty(member).GetString()!;
}
