using Microsoft.Extensions.Time.Testing;
using NATS.Client.JetStream.Models;
using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

/// <summary>A disconnected replica reports its old state; a restored stream reports its state consistently.</summary>
public sealed class StreamEndsTests
{
    private static readonly DateTimeOffset Made = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new();
    private readonly StreamEnds ends;

    public StreamEndsTests() => ends = new(time);

    [Fact]
    public void A_lower_last_sequence_is_accepted_once_it_is_reported_consistently()
    {
        ends.Take("JOB", Says(100));

        for (var second = 0; second < StreamEnds.Confirmation.TotalSeconds; second++)
        {
            Assert.Throws<NoResponseException>(() => ends.Take("JOB", Says(24)));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        ends.Take("JOB", Says(24));
        ends.Take("JOB", Says(25));
    }

    [Fact]
    public void A_report_of_the_real_end_in_between_resets_the_confirmation()
    {
        ends.Take("JOB", Says(100));

        for (var second = 0; second < 100; second++)
        {
            Assert.Throws<NoResponseException>(() => ends.Take("JOB", Says(24)));
            if (second % 9 == 0)
                ends.Take("JOB", Says(101));
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Doubts_that_lie_far_apart_do_not_confirm_each_other()
    {
        ends.Take("JOB", Says(100));

        for (var minute = 0; minute < 3; minute++)
        {
            Assert.Throws<NoResponseException>(() => ends.Take("JOB", Says(24)));
            time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void A_sequence_that_a_reader_has_seen_overrides_a_lower_report() => Assert.Throws<NoResponseException>(() =>
    {
        ends.Take("JOB", Says(24));
        ends.Take("JOB", Says(24), seen: 100);
    });

    [Fact]
    public void A_recreated_stream_and_one_of_a_single_server_are_accepted_at_once()
    {
        ends.Take("JOB", Says(100));
        ends.Take("JOB", Says(3, Made.AddMinutes(1)));
        Assert.Throws<NoResponseException>(() => ends.Take("JOB", Says(100)));

        ends.Take("ALONE", Says(100, replicas: 0));
        ends.Take("ALONE", Says(24, replicas: 0));
    }

    [Fact]
    public void Without_a_leader_nothing_is_believed_not_even_the_first_answer_and_not_for_any_time()
    {
        for (var second = 0; second < 2 * StreamEnds.Confirmation.TotalSeconds; second++)
        {
            Assert.Throws<NoResponseException>(() => ends.Take("JOB", Says(24, leader: null)));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        ends.Take("JOB", Says(100));
        Assert.Throws<NoResponseException>(() => ends.Take("JOB", Says(100, leader: "")));
    }

    private static StreamInfo Says(ulong last, DateTimeOffset? made = null, int replicas = 2, string? leader = "b1") => new()
    {
        Config = new() { Name = "JOB" },
        Created = made ?? Made,
        State = new() { LastSeq = last },
        Cluster = new() { Leader = leader, Replicas = [.. Enumerable.Range(2, replicas).Select(i => new PeerInfo { Name = $"b{i}" })] },
    };
}
