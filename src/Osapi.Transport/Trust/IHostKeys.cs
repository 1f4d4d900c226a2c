namespace Osapi.Transport.Trust;

/// <summary>The keys of the enrolled hosts, as a controller knows them.</summary>
/// <remarks>Lookups answer from memory: one is made for every message.</remarks>
public interface IHostKeys
{
    /// <summary>Every enrolled host that is not revoked. The list is replaced, never changed.</summary>
    IReadOnlyList<EnrolledHost> Hosts { get; }

    /// <summary>True when there are, or may be, hosts without a key. Then, while the policy allows it, what every host must read stays unsigned.</summary>
    bool HasHostsWithoutKey { get; }

    /// <summary>Finds a host; null when it was never enrolled.</summary>
    EnrolledHost? Find(string hostKey);
}

/// <summary>A host with a key.</summary>
/// <param name="HostKey">The host.</param>
/// <param name="Key">The public key of its agent.</param>
/// <param name="IsRevoked">True when nothing that the host writes is believed, and nothing is sealed to it.</param>
public sealed record EnrolledHost(string HostKey, AgentPublicKey Key, bool IsRevoked = false);
