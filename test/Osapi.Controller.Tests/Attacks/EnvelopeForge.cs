using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Attacks;

/// <summary>Makes envelopes with every key that an attacker can have: the one of a host that it took over, and keys of its own.</summary>
internal sealed class EnvelopeForge : IDisposable
{
    private readonly ControllerKeys otherControllers = ControllerKeys.Create();
    private readonly Dictionary<string, TrustParty> parties;

    public EnvelopeForge(ControllerPublicKey controllers, AgentKeys evil)
    {
        using var stranger = AgentKeys.Create();
        HostKeyTable hosts = new();
        foreach (var host in (string[])[.. AttackedFleet.Hosts, AttackedFleet.Evil])
            hosts.Set(new(host, evil.Public));
        parties = new()
        {
            ["sealed by other controllers"] = new ControllerParty(otherControllers, hosts, new()),
            ["sealed by the host that was taken over"] = new AgentParty(evil.DeriveHostSecret(AttackedFleet.Evil, controllers), controllers, new()),
            ["sealed with its key as another host"] = new AgentParty(evil.DeriveHostSecret(AttackedFleet.Hosts[0], controllers), controllers, new()),
            ["sealed by a stranger as another host"] = new AgentParty(stranger.DeriveHostSecret(AttackedFleet.Hosts[1], controllers), controllers, new()),
        };
    }

    public IEnumerable<string> Ways => parties.Keys;

    public byte[] Seal(string way, EnvelopePlace place, string subject, byte[] body) => parties[way].Seal(place, subject, body).ToArray();

    /// <summary>Opens what the host that was taken over can open; null for everything else.</summary>
    public byte[]? OpenAsEvil(EnvelopePlace place, string subject, byte[] payload) =>
        parties["sealed by the host that was taken over"].Open(place, subject, payload, time: null) is { Rejection: null } opened ? opened.Body.ToArray() : null;

    public void Dispose()
    {
        foreach (var party in parties.Values)
            party.Dispose();
        otherControllers.Dispose();
    }
}
