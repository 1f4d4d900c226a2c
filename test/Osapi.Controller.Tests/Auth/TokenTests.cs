using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Tests of authentication.</summary>
public sealed class TokenTests : ControllerTest
{
    private const string Secret = "nobody-but-the-owner-may-see-this";

    [Fact]
    public async Task Every_operation_with_a_permission_refuses_a_call_without_a_token_before_any_other_check()
    {
        foreach (var operation in OperationCatalog.Default.Where(operation => operation.RequiresToken))
        {
            var answer = await fixture.SendAsync(operation.Route.Method, Calls.Path(operation, target: "no such target") + "?nonsense=1", Calls.Body(operation, "{ nonsense"), token: null);

            answer.AssertProblem(HttpStatusCode.Unauthorized, "bearer token required");
            Assert.Equal("Bearer", answer.Message.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task An_operation_without_a_permission_answers_anyone()
    {
        foreach (var operation in OperationCatalog.Default.Where(operation => !operation.RequiresToken))
            (await fixture.SendAsync(operation.Route.Method, Calls.Path(operation), token: null)).Assert2xx();
    }

    public static TheoryData<string, string> BadTokens => new()
    {
        { "expired", "invalid token: it has expired or is not valid yet" },
        { "not valid yet", "invalid token: it has expired or is not valid yet" },
        { "without an end", "invalid token: it has expired or is not valid yet" },
        { "of another issuer", "invalid token: its issuer is not osapi" },
        { "without an issuer", "invalid token: its issuer is not osapi" },
        { "for another audience", "invalid token: its audience is not osapi" },
        { "without an audience", "invalid token: its audience is not osapi" },
        { "signed with another key", "invalid token: it was not signed with this controller's key" },
        { "signed with HS512", "invalid token: it was not signed with this controller's key" },
        { "with alg none", "invalid token: it was not signed with this controller's key" },
        { "with alg none and its signature kept", "invalid token: it was not signed with this controller's key" },
        { "changed after it was signed", "invalid token: it was not signed with this controller's key" },
        { "without dots", "invalid token: it is malformed" },
        { "of dots", "invalid token: it is malformed" },
        { "not base64", "invalid token: it is malformed" },
    };

    [Theory, MemberData(nameof(BadTokens))]
    public async Task An_invalid_token_is_refused_with_a_message_that_shows_nothing_of_it(string kind, string error)
    {
        var token = Bad(kind);

        var answer = await fixture.SendAsync("GET", "/job", token: token);

        answer.AssertProblem(HttpStatusCode.Unauthorized, error);
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Message.Headers.WwwAuthenticate.ToString());
        Assert.DoesNotContain(Secret, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("IDX", answer.Body, StringComparison.Ordinal);
        Assert.All(fixture.Logs.Lines, line => Assert.DoesNotContain(Secret, line, StringComparison.Ordinal));
        if (token != "..")
            Assert.All(fixture.Logs.Lines, line => Assert.DoesNotContain(token, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_good_token_is_not_logged()
    {
        var token = fixture.Token(["admin"]);
        (await fixture.SendAsync("GET", "/job", token: token)).Assert2xx();
        await fixture.SendAsync("GET", "/nothing", token: token);
        await fixture.SendAsync("GET", "/job?limit=x", token: token);

        Assert.NotEmpty(fixture.Logs.Lines);
        Assert.All(fixture.Logs.Lines, line => Assert.DoesNotContain(token.Split('.')[2], line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("")]
    [InlineData("Token abc")]
    public async Task Another_scheme_is_no_token(string authorization)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, "/job");
        message.Headers.TryAddWithoutValidation("Authorization", authorization);

        var answer = await Answer.ReadAsync(await fixture.Http.SendAsync(message, fixture.TestTimeout), fixture.TestTimeout);

        answer.AssertProblem(HttpStatusCode.Unauthorized, "bearer token required");
    }

    [Fact]
    public async Task A_token_is_valid_until_it_expires_and_half_a_minute_longer()
    {
        var token = fixture.Tokens.Generate("somebody", ["read"], [], TimeSpan.FromMinutes(10));

        fixture.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(29));
        (await fixture.SendAsync("GET", "/job", token: token)).Assert2xx();
        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        (await fixture.SendAsync("GET", "/job", token: token)).AssertProblem(HttpStatusCode.Unauthorized, "invalid token: it has expired or is not valid yet");
    }

    private string Bad(string kind)
    {
        var now = fixture.Time.GetUtcNow();
        JsonObject claims = new()
        {
            ["iss"] = "osapi",
            ["aud"] = "osapi",
            ["sub"] = Secret,
            ["roles"] = new JsonArray("admin"),
            ["exp"] = (now + TimeSpan.FromHours(1)).ToUnixTimeSeconds(),
        };
        switch (kind)
        {
            case "expired": claims["exp"] = (now - TimeSpan.FromMinutes(1)).ToUnixTimeSeconds(); break;
            case "not valid yet": claims["nbf"] = (now + TimeSpan.FromMinutes(1)).ToUnixTimeSeconds(); break;
            case "without an end": claims.Remove("exp"); break;
            case "of another issuer": claims["iss"] = Secret; break;
            case "without an issuer": claims.Remove("iss"); break;
            case "for another audience": claims["aud"] = Secret; break;
            case "without an audience": claims.Remove("aud"); break;
        }

        var key = Convert.FromHexString(File.ReadAllText(Path.Combine(fixture.Directory, "signing.key")).Trim());
        var good = Sign("HS256", claims, key);
        return kind switch
        {
            "signed with another key" => Sign("HS256", claims, RandomNumberGenerator.GetBytes(32)),
            "signed with HS512" => Sign("HS512", claims, key),
            "with alg none" => string.Join('.', Sign("none", claims, key).Split('.')[..2]) + ".",
            "with alg none and its signature kept" => Sign("none", claims, key),
            "changed after it was signed" => $"{good.Split('.')[0]}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString().Replace("admin", "other", StringComparison.Ordinal)))}.{good.Split('.')[2]}",
            "without dots" => "justtext",
            "of dots" => "..",
            "not base64" => "a%b.c%d.e%f",
            _ => good,
        };
    }

    private static string Sign(string algorithm, JsonObject claims, byte[] key)
    {
        JsonObject header = new() { ["alg"] = algorithm, ["typ"] = "JWT" };
        var text = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        var bytes = Encoding.ASCII.GetBytes(text);
        return $"{text}.{Encode(algorithm == "HS512" ? HMACSHA512.HashData(key, bytes) : HMACSHA256.HashData(key, bytes))}";
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
