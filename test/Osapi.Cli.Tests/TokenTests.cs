using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of tokens, and that only the token command prints one.</summary>
public sealed class TokenTests : CliTest
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_contains_subject_roles_permissions_and_expiry()
    {
        var ended = (await fixture.RunAsync("token", "generate", "--roles", "read,write", "-u", "me", "-p", "node:read", "--expires-in", "2h")).With(ExitCode.Ok);

        var claims = Claims(Assert.Single(ended.Lines));
        Assert.Equal("me", claims.GetProperty("sub").GetString());
        Assert.Equal(["read", "write"], claims.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(["node:read"], claims.GetProperty("permissions").EnumerateArray().Select(permission => permission.GetString()));
        Assert.Equal(2 * 60 * 60, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(fixture.StateDirectory, "signing.key")));
    }

    [Fact]
    public async Task All_problems_are_reported_together()
    {
        var ended = (await fixture.RunAsync("token", "generate", "--roles", "reed", "--permissions", "node:raed", "--expires-in", "99999d")).With(ExitCode.BadInput);

        Assert.Equal(
            [
                "error: --roles: there is no role 'reed'; did you mean 'read'?",
                "error: --permissions: there is no permission 'node:raed'; did you mean 'node:read'?",
                "error: --subject is required",
                "error: --expires-in '99999d' is not a time: expected a time such as 500ms, 90s, 1m30s, 2h or 7d, at most 3650d",
            ],
            ended.ErrorLines);
        Assert.False(Directory.Exists(fixture.StateDirectory));
    }

    [Theory]
    [InlineData("36500000d")]
    [InlineData("2147483647d")]
    [InlineData("2147483647h")]
    [InlineData("9999999999999999999d")]
    [InlineData("3651d")]
    [InlineData("5x")]
    public async Task A_time_beyond_the_limit_is_reported_even_when_it_overflows(string time)
    {
        var ended = (await fixture.RunAsync("token", "generate", "--roles", "read", "--subject", "me", "--expires-in", time)).With(ExitCode.BadInput);

        Assert.Equal([$"error: --expires-in '{time}' is not a time: expected a time such as 500ms, 90s, 1m30s, 2h or 7d, at most 3650d"], ended.ErrorLines);
    }

    [Fact]
    public async Task Commands_that_make_the_first_token_at_the_same_time_agree_on_one_key()
    {
        var programs = Enumerable.Range(0, 6).Select(_ => fixture.Start("token", "generate", "--roles", "read", "--subject", "me")).ToList();

        foreach (var program in programs)
            Assert.True(IsSigned((await program.EndAsync()).With(ExitCode.Ok).Output.Trim()));
        Assert.Equal(["signing.key"], Directory.GetFiles(fixture.StateDirectory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_key_that_others_can_read_is_refused()
    {
        await fixture.TokenAsync("read");
        var key = Path.Combine(fixture.StateDirectory, "signing.key");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var token = (await fixture.RunAsync("token", "generate", "--roles", "read", "--subject", "me")).With(ExitCode.NotPermitted);
        var start = (await fixture.RunAsync("start", "--listen", "http://127.0.0.1:0")).With(ExitCode.Unreachable);

        Assert.Contains("chmod 600", Assert.Single(token.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("chmod 600", Assert.Single(start.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_created_while_a_system_runs_are_valid_for_it_and_are_never_logged_or_shown()
    {
        var system = await fixture.StartSystemAsync("--log-level", "trace");
        var tokens = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.TokenAsync("read")));

        foreach (var token in tokens)
        {
            using var http = system.Http(token);
            using var answer = await http.GetAsync(new Uri("node/_any/uptime", UriKind.Relative), Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        fixture.Environment["OSAPI_TOKEN"] = tokens[0];
        var denied = (await fixture.RunAsync("job", "cancel", Guid.NewGuid().ToString(), "--url", system.Url)).With(ExitCode.NotPermitted);
        var forged = (await fixture.RunAsync("node", "uptime", "--url", system.Url, "--token", tokens[0][..^6] + "AAAAAA")).With(ExitCode.NotPermitted);
        system.Program.Signal(RunningProgram.Terminate);
        var ended = (await system.Program.EndAsync()).With(ExitCode.Ok);

        var key = (await File.ReadAllTextAsync(Path.Combine(fixture.StateDirectory, "signing.key"), Token)).Trim();
        foreach (var text in new[] { ended.Output, ended.Error, denied.Output, denied.Error, forged.Output, forged.Error })
        {
            Assert.DoesNotContain(key, text, StringComparison.OrdinalIgnoreCase);
            foreach (var token in tokens)
                Assert.DoesNotContain(token.Split('.')[1], text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_is_revoked_by_its_id_and_the_list_shows_it()
    {
        var system = await fixture.StartSystemAsync();
        var lost = await fixture.TokenAsync("read");
        var id = Claims(lost).GetProperty("jti").GetString()!;
        (await fixture.RunAsync("node", "uptime", "--url", system.Url, "--token", lost)).With(ExitCode.Ok);

        Assert.Contains($"token {id} is revoked", (await fixture.RunAsync("token", "revoke", id, "--reason", "laptop lost")).With(ExitCode.Ok).Output, StringComparison.Ordinal);

        var refused = (await fixture.RunAsync("node", "uptime", "--url", system.Url, "--token", lost)).With(ExitCode.NotPermitted);
        Assert.Contains("invalid token: it is revoked", refused.Error, StringComparison.Ordinal);
        Assert.Equal([id], (await fixture.RunAsync("token", "list", "-o", "name")).With(ExitCode.Ok).Lines);
        (await fixture.RunAsync("token", "revoke", "--subject", "somebody")).With(ExitCode.Ok);
        Assert.Equal(2, (await fixture.RunAsync("token", "list", "-o", "name")).With(ExitCode.Ok).Lines.Length);
        Assert.Contains("id or subject is required", (await fixture.RunAsync("token", "revoke")).Error, StringComparison.Ordinal);
        (await fixture.RunAsync("token", "revoke", lost)).With(ExitCode.BadInput);
    }

    [Fact]
    public async Task A_token_has_limits_and_roles_of_the_configuration()
    {
        var config = fixture.File("roles.yaml", "controller:\n  roles: {deployer: file:read file:write}\n");

        var ended = (await fixture.RunAsync("token", "generate", "--config", config, "-r", "deployer", "-u", "ci", "-p", "none", "--targets", "group:web,web-01", "--operations", "file.*")).With(ExitCode.Ok);

        var claims = Claims(Assert.Single(ended.Lines));
        Assert.Equal(0, claims.GetProperty("permissions").GetArrayLength());
        Assert.Equal(["group:web", "web-01"], claims.GetProperty("targets").EnumerateArray().Select(target => target.GetString()));
        Assert.Equal(["file.*"], claims.GetProperty("operations").EnumerateArray().Select(operation => operation.GetString()));
        var wrong = (await fixture.RunAsync("token", "generate", "-r", "deployer", "-u", "ci", "--targets", "_some", "--operations", "flie.*")).With(ExitCode.BadInput);
        Assert.Equal(3, wrong.ErrorLines.Length);
        Assert.Contains("there is no role 'deployer'", wrong.ErrorLines[0], StringComparison.Ordinal);
    }

    private bool IsSigned(string token)
    {
        var parts = token.Split('.');
        var key = Convert.FromHexString(File.ReadAllText(Path.Combine(fixture.StateDirectory, "signing.key")).Trim());
        return HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")).AsSpan().SequenceEqual(System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]));
    }

    private static JsonElement Claims(string token) => JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));
}
