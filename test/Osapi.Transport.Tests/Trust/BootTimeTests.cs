using System.Text;
using Microsoft.Extensions.Time.Testing;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Trust;

/// <summary>Tests that commands repeat the newest time that a host told the controllers, so that the host can bound their age.</summary>
public sealed class BootTimeTests : IDisposable
{
    private const string Command = "cmd.web-01.00000000-0000-0000-0000-000000000001";
    private const string Heartbeat = "hb.web-01";

    private static readonly byte[] Body = "{}"u8.ToArray();

    private readonly TrustFixture trust = new();
    private readonly FakeTimeProvider time = new();
    private readonly ControllerParty controller;
    private readonly AgentKeys keys = AgentKeys.Create();
    private TimeSpan sinceBoot = TimeSpan.FromHours(1);
    private ulong boot = 4711;

    public BootTimeTests()
    {
        trust.Hosts.Set(new("web-01", keys.Public));
        controller = new(trust.Keys, trust.Hosts, new(), time);
    }

    public void Dispose()
    {
        controller.Dispose();
        keys.Dispose();
        trust.Dispose();
    }

    [Theory]
    [InlineData(EnvelopePlace.Commands, Command)]
    [InlineData(EnvelopePlace.WorkQueue, "any")]
    public void A_command_is_as_old_as_the_heartbeat_before_it(int place, string subject)
    {
        using var web = Host();
        Hear(web);
        var command = controller.Seal((EnvelopePlace)place, subject, Body);
        sinceBoot += TimeSpan.FromSeconds(41);

        Assert.Equal(TimeSpan.FromSeconds(41), web.Open((EnvelopePlace)place, subject, command, time: null).Echo?.MaxAge);
        // No correction of a clock moves it; after a boot it is not known.
        boot++;
        using var rebooted = Host();
        Assert.Null(Assert.NotNull(rebooted.Open((EnvelopePlace)place, subject, command, time: null).Echo).MaxAge);
    }

    [Theory]
    [InlineData(EnvelopePlace.Commands, Command)]
    [InlineData(EnvelopePlace.WorkQueue, "any")]
    public void Without_a_verified_time_there_is_none(int place, string subject)
    {
        using var web = Host();
        using var stranger = trust.Stranger("web-01");
        Assert.NotNull(controller.Open(EnvelopePlace.Signals, Heartbeat, stranger.Seal(EnvelopePlace.Signals, Heartbeat, Body), time: null).Rejection);

        var opened = web.Open((EnvelopePlace)place, subject, controller.Seal((EnvelopePlace)place, subject, Body), time: null);

        Assert.Null(opened.Rejection);
        Assert.Null(opened.Echo);
    }

    [Fact]
    public void A_repeated_heartbeat_makes_no_command_older()
    {
        using var web = Host();
        var early = web.Seal(EnvelopePlace.Signals, Heartbeat, Body);
        sinceBoot += TimeSpan.FromMinutes(5);
        Hear(web);
        Assert.Equal("its host has sent a newer one", controller.Open(EnvelopePlace.Signals, Heartbeat, early, time: null).Rejection);

        Assert.Equal(TimeSpan.Zero, web.Open(EnvelopePlace.Commands, Command, controller.Seal(EnvelopePlace.Commands, Command, Body), time: null).Echo?.MaxAge);
    }

    [Fact]
    public void A_job_for_any_host_has_times_that_are_a_few_seconds_old()
    {
        using var web = Host();
        Hear(web);
        Age();
        sinceBoot += TimeSpan.FromSeconds(60);
        Hear(web);

        // The key that carries the time is made anew after 5 seconds.
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(60), Age());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, Age());

        TimeSpan? Age() => web.Open(EnvelopePlace.WorkQueue, "any", controller.Seal(EnvelopePlace.WorkQueue, "any", Body), time: null).Echo?.MaxAge;
    }

    [Theory]
    [InlineData(EnvelopePlace.Commands, Command)]
    [InlineData(EnvelopePlace.WorkQueue, "any")]
    public void No_bit_of_the_time_can_be_changed(int place, string subject)
    {
        using var web = Host();
        Hear(web);
        sinceBoot += TimeSpan.FromSeconds(41);
        var command = controller.Seal((EnvelopePlace)place, subject, Body).ToArray();
        for (var i = 0; i < command.Length * 8; i++)
        {
            var changed = command.ToArray();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            // One that has read no genuine one before.
            using var fresh = Host();
            if (fresh.Open((EnvelopePlace)place, subject, changed, time: null) is { Rejection: null } opened)
                Assert.Equal(TimeSpan.FromSeconds(41), opened.Echo?.MaxAge);
        }
    }

    [Fact]
    public void Every_cut_of_an_envelope_with_a_time_is_refused()
    {
        using var web = Host();
        Hear(web);
        var command = controller.Seal(EnvelopePlace.Commands, Command, Body);
        for (var length = 0; length < command.Length; length++)
            Assert.NotNull(web.Open(EnvelopePlace.Commands, Command, command[..length], time: null).Rejection);
    }

    private AgentParty Host() => new(keys.DeriveHostSecret("web-01", trust.Keys.Public), trust.Keys.Public, new(), new BootClock(boot, () => sinceBoot));

    private void Hear(AgentParty web)
    {
        var opened = controller.Open(EnvelopePlace.Signals, Heartbeat, web.Seal(EnvelopePlace.Signals, Heartbeat, Body), time: null);
        Assert.Null(opened.Rejection);
        Assert.Equal("{}", Encoding.UTF8.GetString(opened.Body.Span));
    }
}
