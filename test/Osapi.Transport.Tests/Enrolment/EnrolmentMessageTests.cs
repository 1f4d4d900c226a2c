using System.Text;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Enrolment;

/// <summary>Tests of what agents and controllers say to each other before they share a secret: everything may be forged.</summary>
public sealed class EnrolmentMessageTests : IDisposable
{
    private readonly ControllerKeys keys = ControllerKeys.Create();
    private readonly AgentKeys agent = AgentKeys.Create();

    private EnrolmentRequest Request => new() { Name = "web-01", Key = agent.Public.ToString(), Nonce = "nonce-1" };

    private EnrolmentReply Reply => new() { Name = "web-01", Fingerprint = agent.Public.Fingerprint, Nonce = "nonce-1", Status = EnrolmentStatus.Accepted };

    public void Dispose()
    {
        agent.Dispose();
        keys.Dispose();
    }

    [Fact]
    public void An_agent_believes_the_pinned_controllers()
    {
        var reply = EnrolmentReply.TryVerify(Reply.Sign(keys), Request, [keys.Public.Fingerprint], out var controllers, out var reason);

        Assert.Null(reason);
        Assert.Equal(EnrolmentStatus.Accepted, reply!.Status);
        Assert.Equal(keys.Public, controllers);
    }

    [Fact]
    public void An_agent_believes_no_other_controllers()
    {
        using var others = ControllerKeys.Create();

        Assert.Null(EnrolmentReply.TryVerify(Reply.Sign(others), Request, [keys.Public.Fingerprint], out var controllers, out var reason));

        Assert.Null(controllers);
        Assert.Equal("it is signed by other controllers than the pinned ones", reason);
    }

    [Fact]
    public void A_reply_with_an_altered_byte_is_not_believed()
    {
        var signed = Reply.Sign(keys);
        for (var at = 0; at < signed.Length; at++)
        {
            var altered = signed.ToArray();
            altered[at] ^= 1;
            // The last character of base64 holds bits that do not count.
            if (EnrolmentReply.TryVerify(altered, Request, [keys.Public.Fingerprint], out _, out _) is { } reply)
                Assert.Equal(Reply with { }, reply);
        }
    }

    [Fact]
    public void A_reply_to_another_request_is_passed_over()
    {
        using var other = AgentKeys.Create();
        foreach (var reply in (EnrolmentReply[])[Reply with { Nonce = "nonce-2" }, Reply with { Name = "web-02" }, Reply with { Fingerprint = other.Public.Fingerprint }])
        {
            Assert.Null(EnrolmentReply.TryVerify(reply.Sign(keys), Request, [keys.Public.Fingerprint], out _, out var reason));
            Assert.Null(reason);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"reply":"e30=","controllers":"x","signature":""}""")]
    [InlineData("""{"reply":null,"controllers":null,"signature":null}""")]
    public void What_is_no_reply_is_refused(string text)
    {
        Assert.Null(EnrolmentReply.TryVerify(Encoding.UTF8.GetBytes(text), Request, [keys.Public.Fingerprint], out _, out var reason));
        Assert.Equal("it is not a reply to a request to enroll", reason);
    }

    [Fact]
    public void A_request_survives_both_ways_and_a_newer_member_is_read_over()
    {
        var bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString((Request with { MachineId = "m", Version = "0.2.0" }).ToBytes())[..^1] + ",\"newer\":{}}");

        Assert.True(EnrolmentRequest.TryParse("web-01", bytes, out var request, out var key, out _));

        Assert.Equal(("web-01", "m", agent.Public), (request.Name, request.MachineId, key));
    }

    [Fact]
    public void A_request_that_is_invalid_says_why()
    {
        Refused("web-02", Request, "it has the name of another host");
        Refused("web-01", Request with { Name = "" }, "its name is not a valid host name");
        Refused("=5Fall", Request with { Name = "_all" }, "its name is not a valid host name");
        Refused("web-01", Request with { Key = "x" }, "its key is not a public key");
        Refused("web-01", Request with { Key = agent.Public.ToString()[..^2] + "AA" }, "its key is not a public key");
        Refused("web-01", Request with { Nonce = "" }, "its nonce is missing or too long");
        Refused("web-01", Request with { Token = new('x', 5000) }, "its token is too long");
        Refused("web-01", Request with { Labels = new Dictionary<string, string> { ["a b"] = "c" } }, "it has an invalid label, or too many");
        Refused("web-01", Request with { Labels = Enumerable.Range(0, 33).ToDictionary(number => $"l{number}", _ => "x") }, "it has an invalid label, or too many");
        Refused("web-01", Request with { Version = new('x', 200) }, "its machine id or version is too long");
        Refused("web-01", Request with { MachineId = "a\u001b[2J" }, "its machine id or version is too long");
        Refused("web-01", Request with { Labels = new Dictionary<string, string> { ["a"] = new('x', 30_000) } }, "it is not a request to enroll");
    }

    private static void Refused(string hostKey, EnrolmentRequest request, string expected)
    {
        Assert.False(EnrolmentRequest.TryParse(hostKey, request.ToBytes(), out _, out _, out var reason));
        Assert.Equal(expected, reason);
    }
}
