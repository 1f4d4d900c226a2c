namespace Osapi.Transport.Trust;

/// <summary>A side that has one key of the controllers.</summary>
internal abstract class SingleKeyParty : TrustParty
{
    /// <summary>The newest keys that were wrapped for this side.</summary>
    protected UnwrappedKeys Unwrapped { get; } = new();

    /// <inheritdoc/>
    public sealed override OpenedPayload Open(EnvelopePlace place, string subject, ReadOnlyMemory<byte> payload, DateTimeOffset? time, ReadOnlyMemory<byte>? own = null)
    {
        if (!EnvelopeReader.IsEnvelope(payload.Span))
            return TrustRules.IsOpen(place, subject) ? OpenedPayload.Unsigned(payload) : OpenUnsigned(place, subject, payload, time);
        if (!EnvelopeReader.TryParse(payload.Span, out var envelope, out var reason))
            // A newer version can check what it wrote.
            return EnvelopeReader.IsOfAnotherVersion(payload.Span) ? OpenedPayload.ForOthers(reason!) : OpenedPayload.Rejected(reason!);
        if (envelope.Place != place)
            return OpenedPayload.Rejected("its envelope was written for another place");
        if (envelope.Signer is { } host && !TrustRules.MayWrite(host, place, subject))
            return OpenedPayload.Rejected("a host may not write it");
        return Open(subject, envelope, payload, own);
    }

    public override void Dispose() => Unwrapped.Dispose();

    /// <summary>Decides about a payload that is no envelope.</summary>
    protected abstract OpenedPayload OpenUnsigned(EnvelopePlace place, string subject, ReadOnlyMemory<byte> payload, DateTimeOffset? time);

    /// <summary>Checks an envelope of this place, and opens it.</summary>
    protected abstract OpenedPayload Open(string subject, EnvelopeReader envelope, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>? own);

    /// <summary>Gets the echo of a time of this host in an envelope of the controllers; null where there is none.</summary>
    protected virtual CommandEcho? EchoOf(BootTime? time) => null;

    /// <summary>Opens an envelope whose seal authenticates it.</summary>
    protected static OpenedPayload OpenSealed(ControllerPublicKey system, string subject, EnvelopeReader envelope, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte>? own, SealingKey key, MessageSigner signer) =>
        envelope.HasTags ? OpenedPayload.Rejected("it has tags beside its seal")
        : own is { } known ? new(known, signer)
        : key.Open(envelope.Sealing, payload[envelope.Body].Span, new(system.SystemId, subject, payload.Span[..envelope.Body.Start.Value])) is { } body ? new(body, signer)
        : OpenedPayload.Rejected("its seal is not valid");

    /// <summary>Opens the body of an envelope of the controllers that is sealed for several readers, and whose tag is valid.</summary>
    protected OpenedPayload OpenWrapped(EnvelopeReader envelope, ReadOnlyMemory<byte> payload, MessageKey reader)
    {
        if (Unwrapped.Find(envelope.Sealing, reader) is not { } key)
            return OpenedPayload.ForOthers("it is sealed for other hosts");
        var header = envelope.Sealing[^SealingKey.HeaderSize..];
        return key.Sealing.Open(header, payload[envelope.Body].Span, default) is { } body ? new(body, MessageSigner.Controllers) { Echo = EchoOf(key.Time) } : OpenedPayload.Rejected("its body cannot be opened");
    }
}
