using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Enrolment;

/// <summary>Tests of join tokens: their constraints, and that nothing but the secret makes a request authentic.</summary>
public sealed class JoinTokenTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ControllerKeys keys = ControllerKeys.Create();
    private readonly AgentKeys agent = AgentKeys.Create();
    private readonly JoinTokens tokens;

    public JoinTokenTests() => tokens = new(keys);

    private static JoinGrant Grant => new()
    {
        Id = "0123456789abcdef",
        Name = "web-*",
        Labels = new Dictionary<string, string> { ["group"] = "web" },
        Issued = Now,
        Expires = Now.AddHours(1),
    };

    public void Dispose()
    {
        tokens.Dispose();
        agent.Dispose();
        keys.Dispose();
    }

    [Fact]
    public void A_token_is_id_secret_and_fingerprint_and_survives_as_text()
    {
        var token = tokens.Create(Grant);

        Assert.Equal(3, token.Format().Split('.').Length);
        Assert.EndsWith($".{keys.Public.Fingerprint}", token.Format(), StringComparison.Ordinal);
        Assert.Equal("***", $"{token}");
        Assert.Equal(token.Format(), JoinToken.Parse(token.Format()).Format());
        Assert.True(JoinGrant.TryDecode(token.Id, out var grant));
        Assert.Equal((Grant.Id, "web-*", "web", Now, Now.AddHours(1)), (grant.Id, grant.Name, grant.Labels["group"], grant.Issued, grant.Expires));
    }

    [Fact]
    public void A_copy_of_the_controllers_keys_knows_the_tokens_and_other_keys_do_not()
    {
        var (message, request) = Sent(tokens.Create(Grant), Request("web-01"));
        using var others = ControllerKeys.Create();
        using JoinTokens strangers = new(others);
        using JoinTokens again = new(keys);

        Assert.True(tokens.IsAuthentic(message, request));
        Assert.True(again.IsAuthentic(message, request));
        Assert.False(strangers.IsAuthentic(message, request));
    }

    [Fact]
    public void A_request_with_any_altered_byte_is_not_authentic()
    {
        var (message, _) = Sent(tokens.Create(Grant), Request("web-01"));
        for (var at = 0; at < message.Request.Length; at++)
        {
            var altered = message.Request.ToArray();
            altered[at] ^= 1;
            if (EnrolmentRequest.TryParse("web-01", altered, out var request, out _, out _))
                Assert.False(tokens.IsAuthentic(message with { Request = altered }, request), $"byte {at}");
        }

        Assert.True(EnrolmentRequest.TryParse("web-01", message.Request, out var sent, out _, out _));
        for (var at = 0; at < message.Tag!.Length; at++)
        {
            var altered = message.Tag.ToArray();
            altered[at] ^= 1;
            Assert.False(tokens.IsAuthentic(message with { Tag = altered }, sent), $"tag byte {at}");
        }

        Assert.False(tokens.IsAuthentic(message with { Tag = null }, sent));
        Assert.False(tokens.IsAuthentic(message with { Tag = [] }, sent));
    }

    [Fact]
    public void A_secret_is_bound_to_the_constraints_of_its_token()
    {
        var narrow = tokens.Create(Grant);
        var wider = (Grant with { Name = "*" }).Encode();
        var forged = JoinToken.Parse($"{wider}.{narrow.Format().Split('.')[1]}.{keys.Public.Fingerprint}");
        var (message, request) = Sent(forged, Request("db-01"));

        Assert.False(tokens.IsAuthentic(message, request));
    }

    [Theory]
    [InlineData("web-01", null)]
    [InlineData("WEB-01", null)]
    [InlineData("web-", null)]
    [InlineData("web", "its join token admits web-* only")]
    [InlineData("xweb-01", "its join token admits web-* only")]
    [InlineData("db-01", "its join token admits web-* only")]
    public void A_token_admits_the_names_of_its_pattern(string name, string? refusal) => Assert.Equal(refusal, Grant.GetRefusal(Request(name), Now));

    [Theory]
    [InlineData("web-01", "web-01", true)]
    [InlineData("web-01", "web-011", false)]
    [InlineData("*", "anything.at.all", true)]
    [InlineData("web-*.lan", "web-3.lan", true)]
    [InlineData("web-*.lan", "web-3.lan.evil", false)]
    public void A_star_stands_for_any_characters_and_a_dot_for_a_dot(string pattern, string name, bool admits) =>
        Assert.Equal(admits, (Grant with { Name = pattern }).GetRefusal(Request(name), Now) is null);

    [Theory]
    [InlineData(3599, null)]
    [InlineData(3600, "its join token has expired")]
    [InlineData(360000, "its join token has expired")]
    public void A_token_expires(int seconds, string? refusal) => Assert.Equal(refusal, Grant.GetRefusal(Request("web-01"), Now.AddSeconds(seconds)));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("group", "web", null)]
    [InlineData("group", "web.dev.eu", null)]
    [InlineData("group", "webx", "its join token does not grant the label group that it asks for")]
    [InlineData("group", "db", "its join token does not grant the label group that it asks for")]
    [InlineData("role", "web", "its join token does not grant the label role that it asks for")]
    public void A_token_grants_its_labels_and_what_is_below_them(string? key, string? value, string? refusal)
    {
        var request = key is null ? Request("web-01") : Request("web-01") with { Labels = new Dictionary<string, string> { [key] = value! } };

        Assert.Equal(refusal, Grant.GetRefusal(request, Now));
        if (refusal is null)
            Assert.Equal(value ?? "web", Grant.LabelsOf(request)["group"]);
    }

    [Fact]
    public void A_token_without_labels_grants_those_that_are_asked_for()
    {
        var grant = Grant with { Labels = new Dictionary<string, string>() };
        var request = Request("web-01") with { Labels = new Dictionary<string, string> { ["role"] = "x" } };

        Assert.Null(grant.GetRefusal(request, Now));
        Assert.Equal([KeyValuePair.Create("role", "x")], grant.LabelsOf(request));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("e30.AAAA.SHA256:x")]
    public void Other_texts_are_no_tokens(string text) => Assert.False(JoinToken.TryParse(text, provider: null, out _));

    [Fact]
    public void A_token_with_a_part_cut_off_is_none()
    {
        var text = tokens.Create(Grant).Format();
        for (var length = 0; length < text.Length; length++)
            Assert.False(JoinToken.TryParse(text[..length], provider: null, out _));
        Assert.False(JoinToken.TryParse(new string('A', 100_000), provider: null, out _));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":"a b","name":"*","issued":"2026-01-01T00:00:00Z","expires":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"id":"a","name":"[","issued":"2026-01-01T00:00:00Z","expires":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"id":"a","name":"*","labels":{"a b":"c"},"issued":"2026-01-01T00:00:00Z","expires":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"id":"a","name":"*","labels":{"a":null},"issued":"2026-01-01T00:00:00Z","expires":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"id":"a","name":"*","issued":"yesterday","expires":"2026-01-01T00:00:00Z"}""")]
    public void Constraints_that_are_not_understood_are_none(string json) =>
        Assert.False(JoinGrant.TryDecode(System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json)), out _));

    private static (EnrolmentMessage Message, EnrolmentRequest Request) Sent(JoinToken token, EnrolmentRequest request)
    {
        Assert.True(EnrolmentMessage.TryParse(EnrolmentMessage.Of(request, token).ToBytes(), out var message));
        Assert.True(EnrolmentRequest.TryParse(HostKey.Of(request.Name), message.Request, out var sent, out _, out _));
        return (message, sent);
    }

    private EnrolmentRequest Request(string name) => new() { Name = name, Key = agent.Public.ToString(), Nonce = "nonce" };
}
