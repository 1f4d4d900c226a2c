using System.Text;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Trust;

/// <summary>Tests that only what the right side wrote for exactly this place is believed, and only read by those for whom it is.</summary>
public sealed class EnvelopeTests : IDisposable
{
    private const string Job = "00000000-0000-0000-0000-000000000001";
    private const string State = $"state.{Job}.web-01";
    private const string AnyState = $"state.{Job}._any";
    private const string Record = $"job.{Job}";
    private const string Command = $"cmd.web-01.{Job}";
    private const string Text = """{"a":"secret"}""";

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(Text);

    private readonly TrustFixture trust = new();

    public void Dispose() => trust.Dispose();

    [Fact]
    public void Controllers_and_hosts_read_what_is_for_them()
    {
        var web = trust.Enrol("web-01");
        var other = trust.Enrol("db-01");

        // The record holds the request, which is for controllers.
        AssertRead(trust.Controller, EnvelopePlace.Jobs, Record, Seal(trust.Controller, EnvelopePlace.Jobs, Record), MessageSigner.Controllers, isSealed: true);
        AssertForOthers(web, EnvelopePlace.Jobs, Record, Seal(trust.Controller, EnvelopePlace.Jobs, Record));
        // A command is for its host.
        var command = Seal(trust.Controller, EnvelopePlace.Commands, Command);
        AssertRead(web, EnvelopePlace.Commands, Command, command, MessageSigner.Controllers, isSealed: true);
        AssertRead(trust.Controller, EnvelopePlace.Commands, Command, command, MessageSigner.Controllers, isSealed: true);
        AssertForOthers(other, EnvelopePlace.Commands, Command, command);
        // A job for any host is for every host.
        var any = Seal(trust.Controller, EnvelopePlace.WorkQueue, "any");
        AssertRead(web, EnvelopePlace.WorkQueue, "any", any, MessageSigner.Controllers, isSealed: true);
        AssertRead(other, EnvelopePlace.WorkQueue, "any", any, MessageSigner.Controllers, isSealed: true);
        // What controllers say about an executor is for everybody that could execute it.
        AssertRead(web, EnvelopePlace.Jobs, State, Seal(trust.Controller, EnvelopePlace.Jobs, State), MessageSigner.Controllers, isSealed: false);
        AssertRead(web, EnvelopePlace.Jobs, AnyState, Seal(trust.Controller, EnvelopePlace.Jobs, AnyState), MessageSigner.Controllers, isSealed: false);
        AssertRead(other, EnvelopePlace.Jobs, AnyState, Seal(trust.Controller, EnvelopePlace.Jobs, AnyState), MessageSigner.Controllers, isSealed: false);
        // A host's result is for the controllers, and for itself.
        var state = Seal(web, EnvelopePlace.Jobs, AnyState);
        AssertRead(trust.Controller, EnvelopePlace.Jobs, AnyState, state, MessageSigner.Host("web-01"), isSealed: true);
        AssertRead(web, EnvelopePlace.Jobs, AnyState, state, MessageSigner.Host("web-01"), isSealed: true);
        AssertForOthers(other, EnvelopePlace.Jobs, AnyState, state);
        AssertRead(trust.Controller, EnvelopePlace.Signals, "hb.web-01", Seal(web, EnvelopePlace.Signals, "hb.web-01"), MessageSigner.Host("web-01"), isSealed: false);
        AssertRead(web, EnvelopePlace.Roster, "_index", Seal(trust.Controller, EnvelopePlace.Roster, "_index"), MessageSigner.Controllers, isSealed: false);
        AssertForOthers(other, EnvelopePlace.Roster, "web-01", Seal(trust.Controller, EnvelopePlace.Roster, "web-01"));
    }

    [Theory]
    [InlineData(EnvelopePlace.Jobs, Record)]
    [InlineData(EnvelopePlace.Jobs, State)]
    [InlineData(EnvelopePlace.Commands, Command)]
    [InlineData(EnvelopePlace.WorkQueue, "any")]
    [InlineData(EnvelopePlace.Hosts, "web-01")]
    public void Every_flipped_bit_is_refused(int place, string subject)
    {
        var web = trust.Enrol("web-01");
        var bytes = Seal(trust.Controller, (EnvelopePlace)place, subject);
        for (var i = 0; i < bytes.Length * 8; i++)
        {
            var changed = bytes.ToArray();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            AssertNothingElse(trust.Controller, (EnvelopePlace)place, subject, changed);
            AssertNothingElse(web, (EnvelopePlace)place, subject, changed);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_what_a_host_wrote_is_refused()
    {
        var bytes = Seal(trust.Enrol("web-01"), EnvelopePlace.Jobs, State);
        for (var i = 0; i < bytes.Length * 8; i++)
        {
            var changed = bytes.ToArray();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            Assert.NotNull(trust.Controller.Open(EnvelopePlace.Jobs, State, changed, Now).Rejection);
        }
    }

    [Fact]
    public void Every_cut_and_every_addition_is_refused()
    {
        var bytes = Seal(trust.Enrol("web-01"), EnvelopePlace.Jobs, State);
        for (var length = 0; length < bytes.Length; length++)
            Assert.NotNull(trust.Controller.Open(EnvelopePlace.Jobs, State, bytes.AsMemory(0, length), Now).Rejection);
        Assert.NotNull(trust.Controller.Open(EnvelopePlace.Jobs, State, (byte[])[.. bytes, 0], Now).Rejection);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var web = trust.Enrol("web-01");
        Random random = new(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            for (var at = 0; at < Math.Min(bytes.Length, 6); at++)
                bytes[at] = at switch { 0 => 0xA5, 1 => 1, 2 => (byte)EnvelopePlace.Jobs, 3 => (byte)random.Next(6), 4 => (byte)random.Next(8), _ => 0 };
            Assert.NotNull(trust.Controller.Open(EnvelopePlace.Jobs, State, bytes, Now).Rejection);
            Assert.NotNull(web.Open(EnvelopePlace.Jobs, State, bytes, Now).Rejection);
        }
    }

    [Fact]
    public void A_message_is_valid_on_its_own_subject_and_in_its_own_place_only()
    {
        var web = trust.Enrol("web-01");
        trust.Enrol("web-02");
        var command = Seal(trust.Controller, EnvelopePlace.Commands, Command);
        var state = Seal(web, EnvelopePlace.Jobs, AnyState);

        Assert.NotNull(web.Open(EnvelopePlace.Commands, Command.Replace("0001", "0002", StringComparison.Ordinal), command, Now).Rejection);
        Assert.NotNull(web.Open(EnvelopePlace.WorkQueue, Command, command, Now).Rejection);
        Assert.NotNull(trust.Controller.Open(EnvelopePlace.Jobs, State, state, Now).Rejection);
        Assert.NotNull(trust.Controller.Open(EnvelopePlace.Jobs, AnyState.Replace("0001", "0002", StringComparison.Ordinal), state, Now).Rejection);
        Assert.NotNull(trust.Controller.Open(EnvelopePlace.Hosts, "web-02", Seal(web, EnvelopePlace.Hosts, "web-01"), Now).Rejection);
    }

    [Theory]
    [InlineData(EnvelopePlace.Jobs, Record)]
    [InlineData(EnvelopePlace.Jobs, $"state.{Job}.web-02")]
    [InlineData(EnvelopePlace.Commands, Command)]
    [InlineData(EnvelopePlace.WorkQueue, "any")]
    [InlineData(EnvelopePlace.Hosts, "web-02")]
    [InlineData(EnvelopePlace.Roster, "web-01")]
    [InlineData(EnvelopePlace.Signals, "hb.web-02")]
    [InlineData(EnvelopePlace.Signals, "roster.abc")]
    public void A_host_writes_its_own_things_only(int place, string subject)
    {
        var web = trust.Enrol("web-01");
        var forged = Seal(web, (EnvelopePlace)place, subject);

        Assert.Equal("a host may not write it", trust.Controller.Open((EnvelopePlace)place, subject, forged, Now).Rejection);
        Assert.NotNull(web.Open((EnvelopePlace)place, subject, forged, Now).Rejection);
    }

    [Fact]
    public void Another_key_another_system_and_a_revoked_host_are_not_believed()
    {
        var web = trust.Enrol("web-01");
        using TrustFixture elsewhere = new();
        var theirs = elsewhere.Enrol("web-01");

        Assert.Equal("its seal is not valid", trust.Controller.Open(EnvelopePlace.Jobs, State, Seal(trust.Stranger("web-01"), EnvelopePlace.Jobs, State), Now).Rejection);
        Assert.Equal("its host is not enrolled", trust.Controller.Open(EnvelopePlace.Jobs, $"state.{Job}.web-09", Seal(trust.Stranger("web-09"), EnvelopePlace.Jobs, $"state.{Job}.web-09"), Now).Rejection);
        Assert.NotNull(trust.Controller.Open(EnvelopePlace.Jobs, State, Seal(theirs, EnvelopePlace.Jobs, State), Now).Rejection);
        Assert.NotNull(web.Open(EnvelopePlace.Commands, Command, Seal(elsewhere.Controller, EnvelopePlace.Commands, Command), Now).Rejection);
        Assert.NotNull(web.Open(EnvelopePlace.Jobs, AnyState, Seal(elsewhere.Controller, EnvelopePlace.Jobs, AnyState), Now).Rejection);
        Assert.NotNull(trust.Controller.Open(EnvelopePlace.Jobs, Record, Seal(elsewhere.Controller, EnvelopePlace.Jobs, Record), Now).Rejection);

        trust.Hosts.Set(trust.Hosts.Find("web-01")! with { IsRevoked = true });
        Assert.Equal("the key of its host is revoked", trust.Controller.Open(EnvelopePlace.Jobs, State, Seal(web, EnvelopePlace.Jobs, State), Now).Rejection);
        Assert.NotNull(web.Open(EnvelopePlace.Commands, Command, Seal(trust.Controller, EnvelopePlace.Commands, Command), Now).Rejection);
    }

    [Fact]
    public void Above_32_hosts_a_signature_takes_the_place_of_the_tags()
    {
        var agents = Enumerable.Range(0, 33).Select(number => trust.Enrol($"web-{number}")).ToList();
        var bytes = Seal(trust.Controller, EnvelopePlace.WorkQueue, "any");
        trust.Hosts.Remove("web-32");
        var fewer = Seal(trust.Controller, EnvelopePlace.WorkQueue, "any");

        foreach (var agent in agents)
            AssertRead(agent, EnvelopePlace.WorkQueue, "any", bytes, MessageSigner.Controllers, isSealed: true);
        AssertForOthers(agents[32], EnvelopePlace.WorkQueue, "any", fewer);
        AssertRead(agents[31], EnvelopePlace.WorkQueue, "any", fewer, MessageSigner.Controllers, isSealed: true);
        bytes[^1] ^= 1;
        Assert.NotNull(agents[0].Open(EnvelopePlace.WorkQueue, "any", bytes, Now).Rejection);
    }

    [Fact]
    public void No_host_can_make_a_job_for_any_host_that_another_one_believes()
    {
        var (web, db) = (trust.Enrol("web-01"), trust.Enrol("db-01"));
        var first = Seal(trust.Controller, EnvelopePlace.WorkQueue, "any");
        var second = Seal(trust.Controller, EnvelopePlace.WorkQueue, "any");
        AssertRead(web, EnvelopePlace.WorkQueue, "any", first, MessageSigner.Controllers, isSealed: true);
        AssertRead(db, EnvelopePlace.WorkQueue, "any", second, MessageSigner.Controllers, isSealed: true);

        // Every reader has the key of the bodies, so only the tags protect them: the tags of one message fit no other.
        var tagsSize = sizeof(ushort) + EnvelopeWriter.SizeOf(TagKind.Controllers) + 2 * EnvelopeWriter.SizeOf(TagKind.OfWrap);
        byte[] mixed = [.. first[..^tagsSize], .. second[^tagsSize..]];
        Assert.Equal("it is not signed with the controllers' key", web.Open(EnvelopePlace.WorkQueue, "any", mixed, Now).Rejection);
        Assert.Equal("it is not signed with the controllers' key", db.Open(EnvelopePlace.WorkQueue, "any", mixed, Now).Rejection);
        // A reader that has seen no envelope of the key refuses it as well, and reads a genuine one after it.
        var late = trust.Enrol("late-01");
        var third = Seal(trust.Controller, EnvelopePlace.WorkQueue, "any");
        var changed = third.ToArray();
        changed[^(tagsSize + EnvelopeWriter.SizeOf(TagKind.OfWrap) + 1)] ^= 1;
        Assert.Equal("it is not signed with the controllers' key", late.Open(EnvelopePlace.WorkQueue, "any", changed, Now).Rejection);
        AssertRead(late, EnvelopePlace.WorkQueue, "any", third, MessageSigner.Controllers, isSealed: true);
    }

    [Fact]
    public void A_newer_version_is_named_and_passed_over()
    {
        var web = trust.Enrol("web-01");
        var bytes = Seal(trust.Controller, EnvelopePlace.Commands, Command);
        bytes[1] = 2;

        Assert.Equal("its envelope has the version 2, which this version of the software does not know", web.Open(EnvelopePlace.Commands, Command, bytes, Now).Rejection);
    }

    [Fact]
    public void Unsigned_is_refused_unless_it_is_history()
    {
        var web = trust.Enrol("web-01");
        using ControllerParty withHistory = new(trust.Keys, trust.Hosts, new() { Beginning = Now });

        Assert.Equal("it is not signed", trust.Controller.Open(EnvelopePlace.Jobs, Record, Body, Now).Rejection);
        Assert.Equal("it is not signed", web.Open(EnvelopePlace.Commands, Command, Body, Now).Rejection);
        Assert.Null(withHistory.Open(EnvelopePlace.Jobs, Record, Body, Now).Rejection);
        Assert.NotNull(withHistory.Open(EnvelopePlace.Jobs, Record, Body, Now.AddTicks(1)).Rejection);
        Assert.NotNull(withHistory.Open(EnvelopePlace.Hosts, "web-01", Body, time: null).Rejection);
    }

    [Fact]
    public void While_unsigned_is_allowed_a_host_with_a_key_is_never_believed_without()
    {
        using TrustFixture upgrade = new(allowsUnsigned: true);
        var web = upgrade.Enrol("web-01");
        upgrade.Hosts.HasHostsWithoutKey = true;
        var start = Encoding.UTF8.GetBytes("""{"kind":"start","host":"web-01","ledger":"x"}""");
        var old = Encoding.UTF8.GetBytes("""{"kind":"start","host":"old-01","ledger":"x"}""");

        Assert.Null(upgrade.Controller.Open(EnvelopePlace.Jobs, $"state.{Job}.old-01", old, Now).Rejection);
        Assert.Null(upgrade.Controller.Open(EnvelopePlace.Jobs, AnyState, old, Now).Rejection);
        Assert.Null(upgrade.Controller.Open(EnvelopePlace.Hosts, "old-01", old, Now).Rejection);
        Assert.NotNull(upgrade.Controller.Open(EnvelopePlace.Jobs, State, start, Now).Rejection);
        Assert.NotNull(upgrade.Controller.Open(EnvelopePlace.Jobs, AnyState, start, Now).Rejection);
        Assert.NotNull(upgrade.Controller.Open(EnvelopePlace.Hosts, "web-01", start, Now).Rejection);
        Assert.NotNull(upgrade.Controller.Open(EnvelopePlace.Signals, "hb.web-01", start, Now).Rejection);
        // A host without a key can read what is for it; one with a key gets it sealed.
        Assert.Equal(Body, Seal(upgrade.Controller, EnvelopePlace.Commands, $"cmd.old-01.{Job}"));
        Assert.Equal(Body, Seal(upgrade.Controller, EnvelopePlace.WorkQueue, "any"));
        AssertRead(web, EnvelopePlace.Commands, Command, Seal(upgrade.Controller, EnvelopePlace.Commands, Command), MessageSigner.Controllers, isSealed: true);
        upgrade.Hosts.HasHostsWithoutKey = false;
        AssertRead(web, EnvelopePlace.WorkQueue, "any", Seal(upgrade.Controller, EnvelopePlace.WorkQueue, "any"), MessageSigner.Controllers, isSealed: true);
    }

    private static byte[] Seal(TrustParty party, EnvelopePlace place, string subject) => party.Seal(place, subject, Body).ToArray();

    private static void AssertRead(TrustParty party, EnvelopePlace place, string subject, byte[] bytes, MessageSigner signer, bool isSealed)
    {
        var opened = party.Open(place, subject, bytes, Now);
        Assert.Null(opened.Rejection);
        Assert.Equal(Body, opened.Body.ToArray());
        Assert.Equal(signer, opened.Signer);
        Assert.Equal(isSealed, !Encoding.Latin1.GetString(bytes).Contains(Text, StringComparison.Ordinal));
    }

    private static void AssertForOthers(TrustParty party, EnvelopePlace place, string subject, byte[] bytes)
    {
        var opened = party.Open(place, subject, bytes, Now);
        Assert.True(opened.IsForOthers);
        Assert.NotNull(opened.Rejection);
        Assert.True(opened.Body.IsEmpty);
    }

    // A tag for another reader may be changed without notice: what is read is what was written.
    private static void AssertNothingElse(TrustParty party, EnvelopePlace place, string subject, byte[] bytes)
    {
        var opened = party.Open(place, subject, bytes, Now);
        if (opened.Rejection is null)
            Assert.Equal(Body, opened.Body.ToArray());
        if (opened.Rejection is null)
            Assert.Equal(MessageSigner.Controllers, opened.Signer);
    }
}
