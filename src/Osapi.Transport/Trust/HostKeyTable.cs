using System.Collections.Immutable;

namespace Osapi.Transport.Trust;

/// <summary>Keys of hosts in memory: of the one host of an embedded system, and what a roster was read into.</summary>
public sealed class HostKeyTable : IHostKeys
{
    private readonly Lock gate = new();
    private volatile Snapshot snapshot = new(ImmutableDictionary.Create<string, EnrolledHost>(StringComparer.Ordinal), []);

    /// <inheritdoc/>
    public IReadOnlyList<EnrolledHost> Hosts => snapshot.Trusted;

    /// <inheritdoc/>
    public bool HasHostsWithoutKey { get; set; }

    /// <inheritdoc/>
    public EnrolledHost? Find(string hostKey)
    {
        ArgumentNullException.ThrowIfNull(hostKey);
        return snapshot.All.GetValueOrDefault(hostKey);
    }

    /// <summary>Adds a host, or replaces what is known about it.</summary>
    public void Set(EnrolledHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Change(all => all.SetItem(host.HostKey, host));
    }

    /// <summary>Removes a host, which is then one that was never enrolled.</summary>
    public void Remove(string hostKey)
    {
        ArgumentNullException.ThrowIfNull(hostKey);
        Change(all => all.Remove(hostKey));
    }

    private void Change(Func<ImmutableDictionary<string, EnrolledHost>, ImmutableDictionary<string, EnrolledHost>> change)
    {
        lock (gate)
        {
            var all = change(snapshot.All);
            snapshot = new(all, [.. all.Values.Where(host => !host.IsRevoked).OrderBy(host => host.HostKey, StringComparer.Ordinal)]);
        }
    }

    private sealed record Snapshot(ImmutableDictionary<string, EnrolledHost> All, IReadOnlyList<EnrolledHost> Trusted);
}
