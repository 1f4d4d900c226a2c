using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>Writes operators' decisions into the roster, by compare-and-set.</summary>
internal sealed class RosterWriter(ITransport transport, RosterEntries entries, KeyChange keys)
{
    /// <summary>Changes the entry of a host.</summary>
    /// <param name="name">The host.</param>
    /// <param name="change">
    /// Computes the new entry from the current one, which has the version 0 when there is none; called again after a conflict with another controller.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait; the change may still be made.</param>
    /// <returns>True when the entry changed.</returns>
    public async Task<bool> ChangeAsync(string name, Func<RosterEntry, RosterEntry> change, CancellationToken cancellationToken)
    {
        var key = HostKey.Of(name);
        while (true)
        {
            var stored = await transport.Roster.GetAsync(key, cancellationToken);
            var read = Roster.TryRead(stored);
            if (read is null && stored is { Value.IsEmpty: false, IsForged: false })
                throw new OperationException(ErrorType.Conflict, $"the roster entry of {name} is invalid, or was written by a newer version; it is not overwritten (docs/nats.md)");
            var known = NewerEntries(read, entries.FindKnown(key)) ?? new() { Name = name, Version = 0 };
            var next = keys.Stamp(change(known));
            if (next == known)
            {
                if (read is not null)
                    entries.Apply(key, read);
                return false;
            }

            var entry = next with { Version = known.Version + 1 };
            if (!await TryPutAsync(key, entry, stored?.Revision ?? 0, cancellationToken))
                continue;
            entries.Apply(key, entry);
            return true;
        }
    }

    private async Task<bool> TryPutAsync(string key, RosterEntry entry, long revision, CancellationToken cancellationToken)
    {
        var isWritten = false;
        entries.Introduce(key, entry);
        try
        {
            return isWritten = await transport.Roster.PutAsync(key, Roster.Bytes(entry), revision, cancellationToken) is not null;
        }
        finally
        {
            if (!isWritten)
                entries.Withdraw(key);
        }
    }

    private static RosterEntry? NewerEntries(RosterEntry? one, RosterEntry? other) => one is null || other?.Version > one.Version ? other : one;
}
