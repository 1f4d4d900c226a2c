using System.Collections.Concurrent;
using System.Threading.Channels;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>The records of enrolled hosts that are gone from the store although no operator has removed the host: a removal is not authenticated.</summary>
/// <remarks>Such a host is asked to write its record again. It stays known until then, and is removed when it does not.</remarks>
internal sealed class VanishedRecords(ITransport transport, RosterReconciler roster, SkippedMessages skipped, TimeProvider time)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Vanished> vanished = new(StringComparer.Ordinal);
    private readonly Channel<bool> added = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Adds a record that is gone; false when its host may be removed at once.</summary>
    public bool TryAdd(string key, long revision)
    {
        if (!IsEnrolled(key))
            return false;
        // One that vanishes again gets no more time.
        vanished.AddOrUpdate(key, static (_, now) => now, static (_, before, now) => before with { Revision = now.Revision }, new Vanished(revision, time.GetTimestamp()));
        added.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Decides about the records until cancelled.</summary>
    /// <param name="isNewest">Tells whether the removal is the newest that is known of the record.</param>
    /// <param name="remove">Removes the host, if that is so.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Func<string, long, bool> isNewest, Action<string, long> remove, CancellationToken cancellationToken)
    {
        while (await added.Reader.WaitToReadAsync(cancellationToken))
        {
            while (added.Reader.TryRead(out _))
                await AskAsync(cancellationToken);
            while (!vanished.IsEmpty)
            {
                await Task.Delay(CheckInterval, time, cancellationToken);
                foreach (var (key, record) in vanished)
                    Decide(key, record, isNewest, remove);
            }
        }
    }

    private bool IsEnrolled(string key) => roster.Find(key) is { IsEnrolled: true };

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var key in vanished.Keys)
                await transport.Signals.SendAsync(Subjects.RecordChanged(key), ReadOnlyMemory<byte>.Empty, cancellationToken);
        }
        catch (TransportException)
        {
            // An agent looks at its record every few seconds anyway.
        }
    }

    private void Decide(string key, Vanished record, Func<string, long, bool> isNewest, Action<string, long> remove)
    {
        if (!isNewest(key, record.Revision))
        {
            // A later removal has changed the entry.
            if (vanished.TryRemove(new(key, record)))
                skipped.Add("hosts", key, key, record.Revision, "the record was removed, and the operators have not removed the host");
        }
        else if (!IsEnrolled(key) || time.GetElapsedTime(record.Since) >= AgentPresence.LostAfter)
        {
            remove(key, record.Revision);
            vanished.TryRemove(new(key, record));
        }
    }

    private sealed record Vanished(long Revision, long Since);
}
