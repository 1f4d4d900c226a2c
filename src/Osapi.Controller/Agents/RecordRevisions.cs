using Osapi.Transport;

namespace Osapi.Controller.Agents;

/// <summary>The revisions of the hosts' records that were applied. Not safe for several threads.</summary>
internal sealed class RecordRevisions
{
    private readonly Dictionary<string, long> applied = [];
    private readonly Dictionary<string, long> undelivered = [];

    /// <summary>Determines whether a record is to be applied, and remembers its revision then.</summary>
    /// <remarks>
    /// The bucket delivers entries in order, also after it was recreated and its revisions start at 1 again. Only an entry that this
    /// controller wrote, and that was not delivered yet, must not be overwritten by older ones.
    /// </remarks>
    /// <param name="entry">The record.</param>
    /// <param name="own">True for a record that this controller has just written.</param>
    public bool Accept(KeyValue entry, bool own)
    {
        if (own)
        {
            if (entry.Revision <= applied.GetValueOrDefault(entry.Key))
                return false;
            undelivered[entry.Key] = entry.Revision;
        }
        else if (undelivered.TryGetValue(entry.Key, out var written) && entry.Revision < written)
            return false;
        else
            undelivered.Remove(entry.Key);

        applied[entry.Key] = entry.Revision;
        return true;
    }

    /// <summary>Determines whether a record of the key was applied.</summary>
    public bool Contains(string key) => applied.ContainsKey(key);

    /// <summary>Determines whether nothing newer than a revision of the key was applied.</summary>
    public bool IsNewest(string key, long revision) => applied.TryGetValue(key, out var newest) && newest == revision;

    public void Clear()
    {
        applied.Clear();
        undelivered.Clear();
    }
}
