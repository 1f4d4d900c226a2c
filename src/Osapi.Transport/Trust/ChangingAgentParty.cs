namespace Osapi.Transport.Trust;

/// <summary>The side of an agent whose controllers may change their keys.</summary>
internal sealed class ChangingAgentParty(AgentTrust trust, TrustPolicy policy, BootClock? clock) : TrustParty
{
    private readonly Lock gate = new();
    // Those of before may be in use by another thread at this moment; there are as many as there were changes.
    private readonly List<TrustParty> replaced = [];
    private volatile Present present = Create(trust, policy, clock);

    public override int MaxOverhead => Current.MaxOverhead;

    public override string Signer => trust.HostKey;

    private TrustParty Current
    {
        get
        {
            if (!ReferenceEquals(present.Keys, trust.Controllers))
                Replace();
            return present.Party;
        }
    }

    public override IReadOnlyList<SealingKey> ObjectKeysOf(string? signer) => Current.ObjectKeysOf(signer);

    public override bool AllowsUnsealed(string name, DateTimeOffset modified) => Current.AllowsUnsealed(name, modified);

    public override ReadOnlyMemory<byte> Seal(EnvelopePlace place, string subject, ReadOnlyMemory<byte> body) => Current.Seal(place, subject, body);

    public override OpenedPayload Open(EnvelopePlace place, string subject, ReadOnlyMemory<byte> payload, DateTimeOffset? time, ReadOnlyMemory<byte>? own = null) => Current.Open(place, subject, payload, time, own);

    public override void Dispose()
    {
        present.Party.Dispose();
        lock (gate)
            foreach (var party in replaced)
                party.Dispose();
    }

    private static Present Create(AgentTrust trust, TrustPolicy policy, BootClock? clock)
    {
        var keys = trust.Controllers;
        return new(keys, trust.CreateParty(keys, policy, clock));
    }

    private void Replace()
    {
        lock (gate)
        {
            if (ReferenceEquals(present.Keys, trust.Controllers))
                return;
            replaced.Add(present.Party);
            present = Create(trust, policy, clock);
        }
    }

    private sealed record Present(IReadOnlyList<ControllerPublicKey> Keys, TrustParty Party);
}
