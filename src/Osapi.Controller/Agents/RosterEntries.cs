using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Agents;

/// <summary>The highest version of each roster entry that this controller has seen, in memory and on its disk.</summary>
internal sealed partial class RosterEntries(RosterFile file, NodeEnvironment node, ILogger<RosterEntries> logger)
{
    private static readonly AgentDrain InvalidEntryDrain = new(default, Reason: "the roster entry of the host is invalid");

    private readonly ConcurrentDictionary<string, RosterEntry> entries = new();
    private readonly ConcurrentDictionary<string, long> invalid = new();
    private readonly Lock gate = new();

    /// <summary>The keys of the hosts that are or were enrolled.</summary>
    public HostKeyTable Keys => node.HostKeys;

    /// <summary>The id of the roster that they were last written to; null before the first.</summary>
    public string? RosterId { get; private set; }

    /// <summary>The number of valid entries.</summary>
    public int Count => entries.Count;

    /// <summary>The valid entries, by key.</summary>
    public IEnumerable<KeyValuePair<string, RosterEntry>> All => entries;

    /// <summary>Loads the copy from this disk.</summary>
    public void Load()
    {
        var copy = file.Read();
        RosterId = copy.Id;
        foreach (var entry in copy.Entries)
            Set(HostKey.Of(entry.Name), entry);
    }

    /// <summary>Records that all entries are in a roster.</summary>
    public void MarkWrittenTo(string rosterId)
    {
        lock (gate)
        {
            RosterId = rosterId;
            Save();
        }
    }

    /// <summary>Finds the known entry of a host; null when there is no valid one.</summary>
    public RosterEntry? FindKnown(string hostKey) => entries.GetValueOrDefault(hostKey);

    /// <summary>
    /// Finds the effective entry of a host; null when there is none. An invalid entry counts as a drain unless an
    /// earlier one is known.
    /// </summary>
    public RosterEntry? Find(string hostKey) =>
        FindKnown(hostKey) ?? (invalid.ContainsKey(hostKey) ? new() { Name = hostKey, Drain = InvalidEntryDrain, Version = 0 } : null);

    /// <summary>Adds a drain from a record of an earlier version. False when there is already an entry.</summary>
    public bool TryAdd(string hostKey, RosterEntry entry) => entries.TryAdd(hostKey, entry);

    /// <summary>Applies an entry of the store, if it is valid and newer.</summary>
    public void Read(KeyValue stored)
    {
        if (!Roster.IsHost(stored.Key))
            return;
        if (Roster.TryRead(stored) is { } entry)
        {
            Apply(stored.Key, entry);
        }
        else if (stored.Value.IsEmpty)
        {
            invalid.TryRemove(stored.Key, out _);
        }
        else if (!invalid.TryGetValue(stored.Key, out var revision) || revision != stored.Revision)
        {
            invalid[stored.Key] = stored.Revision;
            LogInvalidEntry(stored.Key, stored.Revision);
        }
    }

    /// <summary>Applies an entry, if it is newer.</summary>
    public void Apply(string hostKey, RosterEntry entry)
    {
        invalid.TryRemove(hostKey, out _);
        lock (gate)
        {
            if (entries.TryGetValue(hostKey, out var known) && known.Version >= entry.Version)
                return;
            Set(hostKey, entry);
            Save();
        }
    }

    /// <summary>Uses the key of an entry that is about to be written: the host must be able to check the entry that brings its key.</summary>
    public void Introduce(string hostKey, RosterEntry entry) => SetKey(hostKey, entry);

    /// <summary>Uses the key of the known entry again, because the other one was not written.</summary>
    public void Withdraw(string hostKey) => SetKey(hostKey, FindKnown(hostKey));

    private void Set(string hostKey, RosterEntry entry)
    {
        entries[hostKey] = entry;
        SetKey(hostKey, entry);
    }

    // A key in an entry was valid when the entry was read.
    private void SetKey(string hostKey, RosterEntry? entry)
    {
        if (AgentPublicKey.TryParse(entry?.Key, provider: null, out var key))
            Keys.Set(new(hostKey, key, IsRevoked: entry!.RevokedAt is not null));
        else if (Keys.Find(hostKey) is not null)
            Keys.Remove(hostKey);
    }

    private void Save() => file.Write(new() { Id = RosterId, Entries = [.. entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)] });

    [LoggerMessage(Level = LogLevel.Error, Message = "Skipped the invalid roster entry {Key} at {Revision}: the host keeps its state, or gets no work")]
    private partial void LogInvalidEntry(string key, long revision);
}
