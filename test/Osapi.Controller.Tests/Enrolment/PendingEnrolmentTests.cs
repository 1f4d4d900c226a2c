using Microsoft.Extensions.Time.Testing;
using Osapi.Controller.Enrolment;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Enrolment;

/// <summary>Tests of the bounds of the requests that a controller remembers.</summary>
public sealed class PendingEnrolmentTests
{
    private static readonly AgentPublicKey Key = AgentKeys.Create().Public;

    private readonly FakeTimeProvider time = new();
    private readonly PendingEnrolments pending;

    public PendingEnrolmentTests() => pending = new(time);

    [Fact]
    public void A_request_is_forgotten_when_it_is_not_repeated()
    {
        Assert.True(Add("web-01", Key));
        time.Advance(PendingEnrolments.ExpiresAfter - TimeSpan.FromTicks(1));
        var first = pending.Find("web-01", Key.Fingerprint)!.FirstHeard;
        Assert.True(Add("web-01", Key));
        time.Advance(PendingEnrolments.ExpiresAfter - TimeSpan.FromTicks(1));
        Assert.Equal(first, Assert.Single(pending.All).FirstHeard);
        time.Advance(TimeSpan.FromTicks(1));

        Assert.Null(pending.Find("web-01", Key.Fingerprint));
        Assert.Empty(pending.All);
    }

    [Fact]
    public void Their_number_is_bounded_and_those_that_are_there_stay()
    {
        for (var number = 0; number < PendingEnrolments.MaxRequests; number++)
            Assert.True(Add($"web-{number}", Key));

        Assert.False(Add("one-more", Key));
        Assert.True(Add("web-0", Key));
        time.Advance(PendingEnrolments.ExpiresAfter);
        Assert.True(Add("one-more", Key));
        Assert.Single(pending.All);
    }

    [Fact]
    public void Their_size_is_bounded()
    {
        for (var number = 0; number < 4; number++)
            Assert.True(Add($"web-{number}", Key, size: 1 << 20));

        Assert.False(Add("web-4", Key, size: 1));
        Assert.True(Add("web-0", Key, size: 1000));
        Assert.True(Add("web-4", Key, size: 1000));
    }

    [Fact]
    public void The_keys_for_one_name_are_bounded()
    {
        AgentPublicKey[] keys = [.. Enumerable.Range(0, PendingEnrolments.MaxPerName + 1).Select(_ => AgentKeys.Create().Public)];
        foreach (var key in keys[..^1])
            Assert.True(Add("web-01", key));

        Assert.False(Add("web-01", keys[^1]));
        Assert.True(Add("web-02", keys[^1]));
        pending.Forget("web-01", keys[0].Fingerprint);
        Assert.True(Add("web-01", keys[^1]));
    }

    private bool Add(string name, AgentPublicKey key, int size = 100) =>
        pending.TryAdd(new EnrolmentRequest { Name = name, Key = key.ToString(), Nonce = "n" }, key, size, "reason", isRejected: false, out _);
}
