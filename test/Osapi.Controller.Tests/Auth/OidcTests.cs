using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Tests of tokens of an OpenID Connect issuer.</summary>
public sealed class OidcTests : IAsyncLifetime
{
    private readonly TestIssuer issuer = new();
    private ControllerFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await ControllerFixture.OpenAsync(options => options with { Oidc = new() { IssuerName = issuer.Name, Audience = "osapi-fleet", RolesClaim = "groups" } });

    public async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_token_of_the_issuer_has_the_roles_of_its_claim_and_a_subject_of_its_own()
    {
        (await SendAsync(Token("read"))).Assert2xx();

        (await SendAsync(Token("nobody"))).AssertProblem(HttpStatusCode.Forbidden, "insufficient permissions: job:read is required");
        // The keys were fetched once.
        Assert.Equal(1, issuer.Fetches);
        (await fixture.PostAsync("/token/revoke", """{"subject":"oidc:alice"}""")).Assert2xx();
        (await SendAsync(Token("read"))).AssertProblem(HttpStatusCode.Unauthorized, "invalid token: it is revoked");
    }

    [Fact]
    public async Task A_new_key_of_the_issuer_is_fetched_when_a_token_names_it_and_not_more_often_than_twice_a_minute()
    {
        (await SendAsync(Token("read"))).Assert2xx();
        (issuer.Key, issuer.KeyId) = (RSA.Create(2048), "k2");

        // Fewer than the failures after which an address is answered with a delay.
        for (var i = 0; i < 5; i++)
            (await SendAsync(Token("read"))).AssertProblem(HttpStatusCode.Unauthorized, $"invalid token: it was not signed with a key of {issuer.Name}");
        Assert.Equal(1, issuer.Fetches);
        fixture.Time.Advance(TimeSpan.FromSeconds(30));

        (await SendAsync(Token("read"))).Assert2xx();
        Assert.Equal(2, issuer.Fetches);
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_keeps_no_other_token_waiting()
    {
        TaskCompletionSource hold = new();
        issuer.Hold = hold.Task;
        var waiting = SendAsync(Token("read"));

        for (var i = 0; i < 20; i++)
            (await fixture.GetAsync("/job")).Assert2xx();
        Assert.False(waiting.IsCompleted);

        hold.SetResult();
        (await waiting).Assert2xx();
    }

    [Theory]
    [InlineData("nothing", "the discovery document is not valid")]
    [InlineData("[]", "the discovery document has no issuer")]
    [InlineData("""{"issuer":"https://other","jwks_uri":"https://other/keys"}""", "the discovery document is of another issuer")]
    [InlineData("""{"issuer":"NAME","jwks_uri":"http://example.org/keys"}""", "jwks_uri is not an https address")]
    [InlineData("""{"issuer":"NAME","jwks_uri":"file:///etc/passwd"}""", "jwks_uri is not an https address")]
    public async Task A_discovery_document_that_is_not_right_is_not_believed(string document, string reason)
    {
        issuer.Discovery = document.Replace("NAME", issuer.Name, StringComparison.Ordinal);

        var answer = await SendAsync(Token("read"));

        answer.AssertProblem(HttpStatusCode.ServiceUnavailable, $"the token cannot be checked: the keys of {issuer.Name} cannot be fetched at the moment");
        Assert.Equal("30", answer.Message.Headers.RetryAfter!.ToString());
        Assert.Single(fixture.Logs.Lines, line => line.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_without_an_end_costs_no_memory_without_an_end()
    {
        issuer.Discovery = new JsonObject { ["issuer"] = issuer.Name, ["more"] = new string('x', 2 << 20) }.ToJsonString();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(Token("read"))).Status);
    }

    private Task<Answer> SendAsync(string token) => fixture.SendAsync("GET", "/job", token: token);

    private string Token(string group)
    {
        var claims = TokenForge.Claims(fixture.Time.GetUtcNow(), "alice");
        (claims["iss"], claims["aud"], claims["groups"]) = (issuer.Name, "osapi-fleet", new JsonArray(group));
        return TokenForge.Rsa(claims, issuer.Key, header: ("kid", issuer.KeyId));
    }
}
