namespace Osapi.Transport.Trust;

/// <summary>An agent's side.</summary>
/// <param name="secret">What it shares with the controllers.</param>
/// <param name="controllers">The controllers' key that it pins.</param>
/// <param name="policy">The policy.</param>
/// <param name="clock">The clock of the host; null for none: the age of no command is known then.</param>
internal sealed class AgentParty(HostSecret secret, ControllerPublicKey controllers, TrustPolicy policy, BootClock? clock = null) : SingleKeyParty
{
    private readonly BootClock clock = clock ?? BootClock.None;

    public override int MaxOverhead => EnvelopeFormat.FixedSize + secret.HostKey.Length + BootTime.Size + SealingKey.HeaderSize + SealingKey.Overhead + sizeof(int) + sizeof(ushort) + EnvelopeWriter.SizeOf(TagKind.FromHost);

    public override string Signer => secret.HostKey;

    public override IReadOnlyList<SealingKey> ObjectKeysOf(string? signer) => signer == secret.HostKey ? [secret.FromHost.Sealing] : [];

    public override bool AllowsUnsealed(string name, DateTimeOffset modified) => policy.AllowsUnsigned || policy.IsHistory(modified);

    public override ReadOnlyMemory<byte> Seal(EnvelopePlace place, string subject, ReadOnlyMemory<byte> body)
    {
        if (TrustRules.IsOpen(place, subject))
            return body;
        EnvelopeWriter envelope = new(controllers, place, subject, secret.HostKey, TrustRules.TellsBootTime(place, subject) ? clock.Now : null);
        // A state can hold a result, which is the controllers' to read, as is output.
        if (place == EnvelopePlace.Jobs || TrustRules.IsOutput(secret.HostKey, place, subject))
            return envelope.Seal(body.Span, SealKind.FromHost, secret.FromHost.Sealing);
        envelope.WriteClear(body.Span, EnvelopeWriter.SizeOf(TagKind.FromHost));
        Span<byte> digest = stackalloc byte[EnvelopeFormat.DigestSize];
        envelope.Digest(digest);
        envelope.AddTag(TagKind.FromHost, secret.FromHost, digest);
        return envelope.ToArray();
    }

    public override void Dispose()
    {
        base.Dispose();
        secret.Dispose();
    }

    protected override CommandEcho? EchoOf(BootTime? time) => time is { } known ? new(known, clock) : null;

    protected override OpenedPayload OpenUnsigned(EnvelopePlace place, string subject, ReadOnlyMemory<byte> payload, DateTimeOffset? time) =>
        policy.AllowsUnsigned || policy.IsHistory(time) ? OpenedPayload.Unsigned(payload) : OpenedPayload.Rejected("it is not signed");

    protected override OpenedPayload Open(string subject, EnvelopeReader envelope, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>? own)
    {
        if (envelope.Signer is { } host && host != secret.HostKey)
            return OpenedPayload.ForOthers("only controllers can check what another host wrote");
        switch (envelope.Seal)
        {
            case SealKind.FromHost when envelope.Signer is not null:
                return OpenSealed(controllers, subject, envelope, payload, own, secret.FromHost.Sealing, MessageSigner.Host(secret.HostKey));
            case SealKind.ToHost when envelope.Signer is null && TrustRules.RecipientOf(envelope.Place, subject) == secret.HostKey:
                return OpenSealed(controllers, subject, envelope, payload, own, secret.ToHost.Sealing, MessageSigner.Controllers) with { Echo = EchoOf(envelope.BootTime) };
            case SealKind.ToHost or SealKind.Controllers when envelope.Signer is null:
                return OpenedPayload.ForOthers("it is sealed for other readers");
        }

        Span<byte> digest = stackalloc byte[EnvelopeFormat.DigestSize];
        EnvelopeFormat.Digest(controllers.SystemId, subject, envelope.Covered, digest);
        if (envelope.Signer is not null)
            return envelope.Seal == SealKind.None && secret.FromHost.IsTag(digest, envelope.FindTag(TagKind.FromHost, secret.FromHost.Id))
                ? new(payload[envelope.Body], MessageSigner.Host(secret.HostKey))
                : OpenedPayload.Rejected("it is not signed with the key of this host");
        if (envelope.FindTag(TagKind.ToHost, secret.ToHost.Id) is { IsEmpty: false } tag)
        {
            if (!secret.ToHost.IsTag(digest, tag))
                return OpenedPayload.Rejected("it is not signed with the controllers' key");
        }
        else if (envelope.Seal == SealKind.ToHosts && envelope.FindTag(TagKind.OfWrap, secret.ToHost.Id) is { IsEmpty: false } wrapTag)
        {
            if (!Unwrapped.IsTag(envelope.Sealing, secret.ToHost, digest, wrapTag))
                return OpenedPayload.Rejected("it is not signed with the controllers' key");
        }
        else if (envelope.FindTag(TagKind.Signature, controllers.Id) is not { IsEmpty: false } signature)
        {
            return OpenedPayload.ForOthers("only others can check it");
        }
        else if (!controllers.Verify(digest, signature))
        {
            return OpenedPayload.Rejected("it is not signed with the controllers' key");
        }

        return envelope.Seal switch
        {
            SealKind.None => new(payload[envelope.Body], MessageSigner.Controllers),
            SealKind.ToHosts => OpenWrapped(envelope, payload, secret.ToHost),
            _ => OpenedPayload.Rejected("its seal is not one of controllers"),
        };
    }
}
