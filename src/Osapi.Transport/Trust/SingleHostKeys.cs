namespace Osapi.Transport.Trust;

/// <summary>The keys of a system in one process: its agent has one key under every name, also those that it had before.</summary>
/// <param name="hostKey">The host; null when the process has no agent.</param>
/// <param name="key">The public key of the agent.</param>
public sealed class SingleHostKeys(string? hostKey, AgentPublicKey key) : IHostKeys
{
    /// <inheritdoc/>
    public IReadOnlyList<EnrolledHost> Hosts { get; } = hostKey is null ? [] : [new(hostKey, key)];

    /// <inheritdoc/>
    public bool HasHostsWithoutKey => false;

    /// <inheritdoc/>
    public EnrolledHost? Find(string hostKey) => new(hostKey, key);
}
