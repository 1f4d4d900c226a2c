namespace Osapi.Transport.Trust;

/// <summary>A side that, while the controllers' keys are changed, believes what was written with either of two keys, and writes with the first.</summary>
internal sealed class TwoKeyParty(TrustParty first, TrustParty second) : TrustParty
{
    public override int MaxOverhead => Math.Max(first.MaxOverhead, second.MaxOverhead);

    public override string? Signer => first.Signer;

    public override IReadOnlyList<SealingKey> ObjectKeysOf(string? signer) => [.. first.ObjectKeysOf(signer), .. second.ObjectKeysOf(signer)];

    public override bool AllowsUnsealed(string name, DateTimeOffset modified) => first.AllowsUnsealed(name, modified);

    public override ReadOnlyMemory<byte> Seal(EnvelopePlace place, string subject, ReadOnlyMemory<byte> body) => first.Seal(place, subject, body);

    public override OpenedPayload Open(EnvelopePlace place, string subject, ReadOnlyMemory<byte> payload, DateTimeOffset? time, ReadOnlyMemory<byte>? own = null)
    {
        var opened = first.Open(place, subject, payload, time, own);
        // The reason of the first is the one that is told.
        return opened.Rejection is not null && second.Open(place, subject, payload, time, own) is { Rejection: null } other ? other : opened;
    }

    public override void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
