using System.Collections.Concurrent;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Trust;

/// <summary>The controllers' side.</summary>
internal sealed class ControllerParty(ControllerKeys keys, IHostKeys hosts, TrustPolicy policy, TimeProvider? time = null) : SingleKeyParty
{
    // A host's time in a job for any host is at most this much older than in a command.
    private static readonly TimeSpan RenewKeyAfter = TimeSpan.FromSeconds(5);

    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly HostBootTimes bootTimes = new(time ?? TimeProvider.System);
    private readonly ConcurrentDictionary<string, KnownSecret> secrets = new(StringComparer.Ordinal);

    private volatile AnyReaders? anyReaders;

    public override int MaxOverhead =>
        EnvelopeFormat.FixedSize + EnvelopeFormat.WrapsHeaderSize + SealingKey.HeaderSize + SealingKey.Overhead + 256
        + hosts.Hosts.Count * EnvelopeFormat.WrapSize + Math.Min(hosts.Hosts.Count, EnvelopeFormat.MaxHostTags) * EnvelopeWriter.SizeOf(TagKind.OfWrap);

    /// <summary>The side with the other keys while they are changed: a host that knows only those must be able to check the entry that names these. Null outside of a change.</summary>
    public ControllerParty? Other
    {
        get;
        init
        {
            field = value;
            // A host's time that was told under one key is repeated under the other.
            bootTimes = value?.bootTimes ?? bootTimes;
        }
    }

    private MessageKey Own => keys.Secret.Messages;

    public override string? Signer => null;

    public override IReadOnlyList<SealingKey> ObjectKeysOf(string? signer) => signer is null ? [Own.Sealing] : SecretOf(signer) is { } secret ? [secret.FromHost.Sealing] : [];

    public override bool AllowsUnsealed(string name, DateTimeOffset modified) =>
        policy.IsHistory(modified) || (policy.AllowsUnsigned && hosts.Find(name.Split('/')[0]) is null);

    /// <summary>Checks that a stored file that is not sealed is believed.</summary>
    public bool AllowsUnsealedFile(DateTimeOffset modified) => policy.IsHistory(modified) || policy.AllowsUnsigned;

    /// <summary>False while what is written for an executor must be readable for a host without a key.</summary>
    public bool IsSealedFor(string executor) => executor == HostKey.Any ? !IsUnsigned(EnvelopePlace.WorkQueue, Subjects.Any) : SecretOf(executor) is not null;

    public override ReadOnlyMemory<byte> Seal(EnvelopePlace place, string subject, ReadOnlyMemory<byte> body)
    {
        if (TrustRules.IsOpen(place, subject) || IsUnsigned(place, subject))
            return body;
        if (place == EnvelopePlace.WorkQueue)
            return SealForAny(new(keys.Public, place, subject, signer: null), body.Span);
        var reader = TrustRules.RecipientOf(place, subject) is { } host ? SecretOf(host) : null;
        EnvelopeWriter envelope = new(keys.Public, place, subject, signer: null, place == EnvelopePlace.Commands && reader is not null ? bootTimes.Find(reader.HostKey) : null);
        var otherReader = place == EnvelopePlace.Roster && reader is not null ? Other?.SecretOf(reader.HostKey) : null;
        var isSigned = TrustRules.IsForEveryHost(place, subject);
        var tagsSize = EnvelopeWriter.SizeOf(TagKind.Controllers) + ((reader is null ? 0 : 1) + (otherReader is null ? 0 : 1)) * EnvelopeWriter.SizeOf(TagKind.ToHost) + (isSigned ? EnvelopeWriter.SizeOf(TagKind.Signature) : 0);
        switch (place)
        {
            case EnvelopePlace.Commands when reader is not null:
                return envelope.Seal(body.Span, SealKind.ToHost, reader.ToHost.Sealing);
            // A record holds the request. A command that no host can open is one that nobody runs.
            case EnvelopePlace.Commands:
            case EnvelopePlace.Files:
            case EnvelopePlace.Runs:
            case EnvelopePlace.Audit:
            case EnvelopePlace.Jobs when TrustRules.ExecutorOf(subject) is null:
                return envelope.Seal(body.Span, SealKind.Controllers, Own.Sealing);
            default:
                envelope.WriteClear(body.Span, tagsSize);
                break;
        }

        Span<byte> digest = stackalloc byte[EnvelopeFormat.DigestSize];
        envelope.Digest(digest);
        envelope.AddTag(TagKind.Controllers, Own, digest);
        if (reader is not null)
            envelope.AddTag(TagKind.ToHost, reader.ToHost, digest);
        if (otherReader is not null)
            envelope.AddTag(TagKind.ToHost, otherReader.ToHost, digest);
        if (isSigned)
            envelope.AddSignature(keys, digest);
        return envelope.ToArray();
    }

    /// <summary>Finds the secret that is shared with a host; null for one without a valid key.</summary>
    public HostSecret? SecretOf(string hostKey)
    {
        if (hosts.Find(hostKey) is not { IsRevoked: false } host)
            return null;
        // A replaced key takes the place of the earlier one, so there are never more than hosts.
        if (!secrets.TryGetValue(hostKey, out var known) || !known.Key.Equals(host.Key))
            secrets[hostKey] = known = new(host.Key, keys.DeriveHostSecret(hostKey, host.Key));
        return known.Secret;
    }

    public override void Dispose()
    {
        base.Dispose();
        anyReaders?.Key.Dispose();
        foreach (var host in secrets.Values)
            host.Secret.Dispose();
    }

    protected override OpenedPayload OpenUnsigned(EnvelopePlace place, string subject, ReadOnlyMemory<byte> payload, DateTimeOffset? time)
    {
        // The writers of runs and of the audit log have always had keys.
        var isAlwaysSigned = place is EnvelopePlace.Runs or EnvelopePlace.Audit;
        if (!isAlwaysSigned && policy.IsHistory(time))
            return OpenedPayload.Unsigned(payload);
        if (isAlwaysSigned || !policy.AllowsUnsigned)
            return OpenedPayload.Rejected("it is not signed");
        var host = TrustRules.RecipientOf(place, subject);
        // The one state that names its host in the body only.
        if (host is null && TrustRules.ExecutorOf(subject) == HostKey.Any && JobEvent.TryParse(payload, out var state, out _) && state.Host is { } name)
            host = HostKey.Of(name);
        return host is not null && hosts.Find(host) is not null ? OpenedPayload.Rejected("it is not signed, and the host has a key") : OpenedPayload.Unsigned(payload);
    }

    protected override OpenedPayload Open(string subject, EnvelopeReader envelope, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>? own)
    {
        Span<byte> digest = stackalloc byte[EnvelopeFormat.DigestSize];
        if (envelope.Signer is { } host)
        {
            if (hosts.Find(host) is not { } enrolled)
                return OpenedPayload.Rejected("its host is not enrolled");
            if (enrolled.IsRevoked || SecretOf(host) is not { } secret)
                return OpenedPayload.Rejected("the key of its host is revoked");
            if (envelope.Seal == SealKind.FromHost)
                return OpenSealed(keys.Public, subject, envelope, payload, own, secret.FromHost.Sealing, MessageSigner.Host(host));
            EnvelopeFormat.Digest(keys.Public.SystemId, subject, envelope.Covered, digest);
            if (envelope.Seal != SealKind.None || !secret.FromHost.IsTag(digest, envelope.FindTag(TagKind.FromHost, secret.FromHost.Id)))
                return OpenedPayload.Rejected("it is not signed with the key of its host");
            if (envelope.BootTime is { } bootTime && TrustRules.TellsBootTime(envelope.Place, subject))
            {
                if (envelope.Place == EnvelopePlace.Hosts)
                    bootTimes.Observe(host, bootTime);
                else if (!bootTimes.TryHear(host, bootTime))
                    return OpenedPayload.Rejected("its host has sent a newer one");
            }

            return new(payload[envelope.Body], MessageSigner.Host(host));
        }

        switch (envelope.Seal)
        {
            case SealKind.Controllers:
                return OpenSealed(keys.Public, subject, envelope, payload, own, Own.Sealing, MessageSigner.Controllers);
            case SealKind.ToHost:
                return TrustRules.RecipientOf(envelope.Place, subject) is { } reader && SecretOf(reader) is { } shared
                    ? OpenSealed(keys.Public, subject, envelope, payload, own, shared.ToHost.Sealing, MessageSigner.Controllers)
                    : OpenedPayload.ForOthers("it is sealed for other readers");
        }

        EnvelopeFormat.Digest(keys.Public.SystemId, subject, envelope.Covered, digest);
        if (!Own.IsTag(digest, envelope.FindTag(TagKind.Controllers, Own.Id)))
            return OpenedPayload.Rejected("it is not signed with the controllers' key");
        return envelope.Seal switch
        {
            SealKind.None => new(payload[envelope.Body], MessageSigner.Controllers),
            SealKind.ToHosts => OpenWrapped(envelope, payload, Own),
            _ => OpenedPayload.Rejected("its seal is not one of controllers"),
        };
    }

    private ReadOnlyMemory<byte> SealForAny(EnvelopeWriter envelope, ReadOnlySpan<byte> body)
    {
        var (_, isSigned, key, _) = ReadersOfAny();
        var number = envelope.WriteSealed(body, key, EnvelopeWriter.SizeOf(TagKind.Controllers) + (isSigned ? EnvelopeWriter.SizeOf(TagKind.Signature) : key.TagCount * EnvelopeWriter.SizeOf(TagKind.OfWrap)));
        Span<byte> digest = stackalloc byte[EnvelopeFormat.DigestSize];
        envelope.Digest(digest);
        envelope.AddTag(TagKind.Controllers, Own, digest);
        if (isSigned)
            envelope.AddSignature(keys, digest);
        else
            key.AddTags(ref envelope, number, digest);
        return envelope.ToArray();
    }

    // One key as long as the hosts are the same: a host that is removed cannot read what comes after. For a few seconds only, because it carries the times of the hosts.
    private AnyReaders ReadersOfAny()
    {
        var present = hosts.Hosts;
        if (anyReaders is { } known && ReferenceEquals(known.Hosts, present) && time.GetElapsedTime(known.CreatedAt) < RenewKeyAfter)
            return known;
        List<HostSecret> readers = [.. present.Select(host => SecretOf(host.HostKey)).OfType<HostSecret>()];
        var isSigned = readers.Count > EnvelopeFormat.MaxHostTags;
        var key = WrappedKey.Create([(Own, null), .. readers.Select(host => (host.ToHost, bootTimes.Find(host.HostKey)))], isSigned ? [] : readers.Select(host => host.ToHost));
        return anyReaders = new(present, isSigned, key, time.GetTimestamp());
    }

    // During an upgrade, what hosts without a key must read stays as they can read it.
    private bool IsUnsigned(EnvelopePlace place, string subject)
    {
        if (!policy.AllowsUnsigned)
            return false;
        // An index that agents cannot read would keep a host of an earlier version, which may come at any time, from taking work.
        if (TrustRules.IsForEveryHost(place, subject))
            return place == EnvelopePlace.Roster || hosts.HasHostsWithoutKey || hosts.Hosts.Count == 0;
        return TrustRules.RecipientOf(place, subject) is { } host && hosts.Find(host) is null;
    }

    private sealed record AnyReaders(IReadOnlyList<EnrolledHost> Hosts, bool IsSigned, WrappedKey Key, long CreatedAt);

    private sealed record KnownSecret(AgentPublicKey Key, HostSecret Secret);
}
