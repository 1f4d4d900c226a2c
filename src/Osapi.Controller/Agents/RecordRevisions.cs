using Osapi.Transport;

namespace Osapi.Controller.Agents;

/// <summary>The revisions of the hosts' records that were applied. Not safe for several threads.</summary>
internal sealed class RecordRevisions
{
    private readonly Dictionary<string, long> applied = [];
    private readonly Dictionary<string, long> ahead = [];

    /// <summary>Determines whether a record is to be applied, and remembers its revision then.</summary>
    /// <remarks>
    /// The bucket tells in order, and is always right, also when it was made anew and counts from 1. Only what it has not told yet, and this
    /// controller knows because it wrote it, must not be undone meanwhile.
    /// </remarks>
    /// <param name="entry">The record.</param>
    /// <param name="own">True for a record that this controller has just written.</param>
    public bool Accept(KeyValue entry, bool own)
    {
        if (own)
        {
            if (entry.Revision <= applied.GetValueOrDefault(entry.Key))
                return false;
            ahead[entry.Key] = entry.Revision;
        }
        else if (ahead.TryGetValue(entry.Key, out var written) && entry.Revision < written)
            return false;
        else
            ahead.Remove(entry.Key);

        applied[entry.Key] = entry.Revision;
        return true;
    }

    /// <summary>Determines whether a record of the key was applied.</summary>
    public bool Contains(string key) => applied.ContainsKey(key);

    public void Clear()
    {
        applied.Clear();
        ahead.Clear();
    }
}
