namespace Osapi.Transport.Trust;

/// <summary>The controllers' keys that an enrolled agent believes. They change while it runs, when its controllers say so.</summary>
/// <param name="hostKey">The host.</param>
/// <param name="keys">The keys of the agent. They stay the caller's, and are used as long as this object.</param>
/// <param name="controllers">The keys to begin with, the one that it writes for first; one or two.</param>
/// <param name="save">Saves other keys, before they are used.</param>
public sealed class AgentTrust(string hostKey, AgentKeys keys, IReadOnlyList<ControllerPublicKey> controllers, Action<IReadOnlyList<ControllerPublicKey>> save)
{
    /// <summary>The maximum number of keys.</summary>
    public const int MaxKeys = 2;

    private readonly Lock gate = new();
    private volatile IReadOnlyList<ControllerPublicKey> accepted = controllers;

    /// <summary>The host.</summary>
    public string HostKey => hostKey;

    /// <summary>The keys, the one that the agent writes for first.</summary>
    public IReadOnlyList<ControllerPublicKey> Controllers => accepted;

    /// <summary>Believes other keys from now on, of the same system.</summary>
    /// <param name="texts">What controllers wrote, in a message that was authenticated; null, and what is not one or two keys of this system, changes nothing.</param>
    /// <returns>True when the keys are others than before.</returns>
    /// <exception cref="IOException">They cannot be saved, and nothing changed.</exception>
    public bool Accept(IReadOnlyList<string>? texts)
    {
        List<ControllerPublicKey> next = [.. (texts ?? []).Take(MaxKeys + 1).Select(text => ControllerPublicKey.TryParse(text, provider: null, out var key) ? key : null).OfType<ControllerPublicKey>()];
        lock (gate)
        {
            if (next.Count is 0 or > MaxKeys || next.Count != texts!.Count || next.Any(key => !key.SystemId.SequenceEqual(accepted[0].SystemId)) || next.SequenceEqual(accepted))
                return false;
            save(next);
            accepted = next;
            return true;
        }
    }

    /// <summary>Creates the side of this agent, for the keys that it believes at present.</summary>
    internal TrustParty CreateParty(IReadOnlyList<ControllerPublicKey> present, TrustPolicy policy, BootClock? clock)
    {
        var first = Create(present[0]);
        return present.Count == 1 ? first : new TwoKeyParty(first, Create(present[1]));

        AgentParty Create(ControllerPublicKey key) => new(keys.DeriveHostSecret(hostKey, key), key, policy, clock);
    }
}
