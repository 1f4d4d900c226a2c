using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Controller.Auth;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Attacks;

/// <summary>
/// Tests of callers who want more than their token grants: a reader, a writer, and holders of forged tokens. They call each operation on each of its ways, and ask for
/// the jobs of others.
/// </summary>
public sealed class CallerAttackTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Canary = "canary-of-a-command-4711";
    private const string ResultCanary = "canary-of-a-result-0815";

    private static readonly string[] MethodHeaders = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Forwarded-User", "X-Remote-User", "X-Osapi-Subject"];

    private readonly Dictionary<string, int> counts = [];
    private AttackedFleet fleet = null!;
    private HttpClient http = null!;
    private int refused;

    private CancellationToken Token => fleet.Token;

    private string Evil => Path.Join(fleet.Directory, "evil");

    public async ValueTask InitializeAsync()
    {
        fleet = await AttackedFleet.StartAsync();
        http = new() { BaseAddress = fleet.Url, Timeout = TimeSpan.FromSeconds(30) };
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (fleet is not null)
            await fleet.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_a_writer_and_holders_of_forged_tokens_run_nothing_and_read_nothing_of_others()
    {
        var before = await HonestAsync();
        var (reader, writer) = (fleet.TokenOf("reader", "read"), fleet.TokenOf("writer", "write"));
        foreach (var operation in OperationCatalog.Default.Where(operation => operation.Permission is not null))
        {
            foreach (var (name, role, token) in ((string, string, string)[])[("reader", "read", reader), ("writer", "write", writer)])
                if (!Roles.BuiltIn[role].Contains(operation.Permission!))
                    await CallAsync(name, operation, token, HttpStatusCode.Forbidden);
            foreach (var (name, token) in Forged(reader, writer))
                await CallAsync(name, operation, token, HttpStatusCode.Unauthorized);
        }

        await HonestAsync();
        await AskForJobsAsync("reader", reader, [.. before], mayWrite: false);
        await AskForJobsAsync("writer", writer, [.. before], mayWrite: true);

        output.WriteLine($"{counts.Values.Sum()} calls: {string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}"))}");
        Assert.True(counts.Values.Sum() >= 1000, $"{counts.Values.Sum()} calls");
        Assert.False(File.Exists(Evil));
        // Nothing became a job but what the honest caller called.
        var jobs = await fleet.Client.Job.ListAsync(new() { Limit = 100 }, cancellationToken: Token);
        Assert.Equal(2 * before.Count, jobs.TotalItems);
        Assert.All(jobs.Items, job => Assert.Equal("completed", $"{job.Status}".ToLowerInvariant()));
        await HonestAsync();
        // Each refusal is in the log, or counted in a line of it.
        Assert.Contains(fleet.Logs.Lines, line => line.Contains("insufficient permissions", StringComparison.Ordinal) || line.Contains("403", StringComparison.Ordinal));
        Assert.True(refused > 500);
        Assert.DoesNotContain(fleet.Logs.Lines, line => line.Contains(Canary, StringComparison.Ordinal) || line.Contains(ResultCanary, StringComparison.Ordinal));
    }

    private async Task<List<JobId>> HonestAsync()
    {
        List<JobId> jobs = [];
        foreach (var target in (string[])["web-01", "db-01", "_any"])
        {
            var reply = await fleet.Client.Command.ShellAsync(target, new() { Command = $": {Canary}; echo {ResultCanary}" }, cancellationToken: Token);
            Assert.True(reply.AllSucceeded);
            jobs.Add(reply.JobId);
        }

        var large = await fleet.Client.Command.ShellAsync("web-01", new() { Command = $"yes {ResultCanary} | head -c 300000" }, cancellationToken: Token);
        Assert.True(large.AllSucceeded);
        return [.. jobs, large.JobId];
    }

    // On its own route and as a job with an id of its own, with the example of the reference or with a command that would leave a trace.
    private async Task CallAsync(string name, Operation operation, string? token, HttpStatusCode expected)
    {
        var body = Calls.Body(operation);
        Assert.Equal(expected, await SendAsync(name, operation.Route.Method, Calls.PathAndQuery(operation, "web-01"), body, token, Calls.ContentType(operation)));
        if (operation.RunsOn != RunsOn.Host)
            return;
        var request = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
        if (request.ContainsKey("command"))
            request["command"] = $"touch {Evil}";
        foreach (var member in (string[])["target", "hosts"])
        {
            JsonObject submission = new() { ["operation"] = operation.Id, [member] = member == "target" ? "web-01" : new JsonArray("web-01", "db-01"), ["request"] = request.DeepClone() };
            Assert.Equal(expected, await SendAsync(name, "PUT", $"/job/{Guid.NewGuid()}", submission.ToJsonString(), token));
        }

        // A method or a caller in a header, and a path that is written differently, give no more.
        if (operation.Permission != "command:execute")
            return;
        foreach (var header in MethodHeaders)
            Assert.Equal(expected, await SendAsync(name, operation.Route.Method, Calls.Path(operation, "web-01"), body, token, header: (header, "POST")));
        foreach (var path in (string[])["/", "//", "/.", "/%2e", "?", "?token=x", "?access_token=x&role=admin", "?check=false", "?check=true", "%00", ";x=1"])
        {
            var status = await SendAsync(name, operation.Route.Method, Calls.Path(operation, "web-01") + path, body, token);
            Assert.True((int)status is >= 400 and < 500, $"{path}: {status}");
        }
    }

    private async Task AskForJobsAsync(string name, string token, IReadOnlyList<JobId> jobs, bool mayWrite)
    {
        foreach (var id in jobs)
        {
            foreach (var path in (string[])["", "?fields=operation", "/output", "/output?stream=stderr", "/output?host=web-01&stream=stdout", "/output?follow=true", "/events", "/events?replies=true"])
                await SendAsync(name, "GET", $"/job/{id}{path}", null, token);
            Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(name, "POST", $"/job/{id}/retry", "{}", token));
            Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(name, "POST", $"/job/{id}/retry", """{"target_hostname":"db-01"}""", token));
            Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(name, "PUT", $"/job/{id}", """{"operation":"command.shell.execute","target":"web-01","request":{"command":"id"}}""", token));
            // The id of another's job, for an operation that everybody may call.
            Assert.Equal(HttpStatusCode.Conflict, await SendAsync(name, "GET", "/node/web-01/hostname", null, token, header: ("Idempotency-Key", $"{id}")));
            if (!mayWrite)
            {
                Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(name, "POST", $"/job/{id}/cancel", null, token));
                Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(name, "DELETE", $"/job/{id}", null, token));
            }
        }

        foreach (var path in (string[])["/job?limit=100", "/job?operation=command.shell.execute", "/agent", "/agent/web-01", "/agent/web-01/timeline", "/health/status", "/target?target=_all&operation=command.shell.execute"])
            await SendAsync(name, "GET", path, null, token);
    }

    // No answer to an attacker has a canary.
    private async Task<HttpStatusCode> SendAsync(string name, string method, string path, string? body, string? token, string contentType = "application/json", (string Name, string Value)? header = null)
    {
        using HttpRequestMessage request = new(new(method), path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (header is { } added)
            request.Headers.TryAddWithoutValidation(added.Name, added.Value);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.False(text.Contains(Canary, StringComparison.Ordinal) || text.Contains(ResultCanary, StringComparison.Ordinal), $"{name} {method} {path} answers {response.StatusCode} {text[..Math.Min(text.Length, 500)]}");
        counts[name] = counts.GetValueOrDefault(name) + 1;
        if (response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
            refused++;
        return response.StatusCode;
    }

    private IEnumerable<(string Name, string? Token)> Forged(string reader, string writer)
    {
        var parts = reader.Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var admin = Base64(payload.Replace("\"read\"", "\"admin\"", StringComparison.Ordinal));
        var other = RandomNumberGenerator.GetBytes(32);
        var publicKey = Encoding.UTF8.GetBytes($"{fleet.Controllers}");
        yield return ("no token", null);
        yield return ("altered roles", $"{parts[0]}.{admin}.{parts[2]}");
        yield return ("no algorithm", $"{Base64("""{"alg":"none","typ":"JWT"}""")}.{admin}.");
        yield return ("no algorithm, a signature", $"{Base64("""{"alg":"none","typ":"JWT"}""")}.{admin}.{parts[2]}");
        yield return ("another key", Signed("HS256", admin, other));
        yield return ("another algorithm", Signed("HS512", admin, other));
        yield return ("the public key as key", Signed("HS256", admin, publicKey));
        yield return ("an empty key", Signed("HS256", admin, []));
        yield return ("the signature of another", $"{parts[0]}.{admin}.{writer.Split('.')[2]}");
        yield return ("garbage", "a.b.c");
    }

    private static string Signed(string algorithm, string payload, byte[] key)
    {
        var signed = $"{Base64($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{payload}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        return $"{signed}.{Base64Url.EncodeToString(algorithm == "HS512" ? HMACSHA512.HashData(key, bytes) : HMACSHA256.HashData(key, bytes))}";
    }

    private static string Base64(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
