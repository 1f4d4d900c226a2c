using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;

namespace Osapi.Controller.Jobs.Events;

/// <summary>
/// The newest changes of all jobs, read from the read model and written as text once for all streams: a stream that
/// keeps up costs no query of its own. One that is behind reads the read model itself.
/// </summary>
internal sealed class JobEventFeed(JobIndex index, JobFollower follower)
{
    /// <summary>How many changes are kept. Each has at most the 4,096 characters of an error, and a few hundred more.</summary>
    public const int MaxEvents = 1024;

    private readonly LinkedList<JobEventText> kept = new();
    private readonly Lock gate = new();
    // Every change after the first sequence, and up to the second one, is kept.
    private long after;
    private long upTo;
    private long seen;

    /// <summary>How often the read model was asked.</summary>
    public long Queries { get; private set; }

    /// <summary>The next changes after a sequence, and the sequence up to which there are no others.</summary>
    public (IReadOnlyList<JobEventText> Changes, long Sequence) Next(long sequence)
    {
        lock (gate)
        {
            AdvanceTo(sequence);
            if (sequence >= after)
            {
                Fill();
                if (sequence >= after)
                    return ([.. kept.SkipWhile(change => change.Sequence <= sequence)], upTo);
            }
        }

        return Read(sequence);
    }

    // A new stream begins at the end of the log, a little further than those that sleep.
    private void AdvanceTo(long sequence)
    {
        var position = follower.Position;
        var isAnotherLog = position < seen;
        seen = position;
        while (!isAnotherLog && upTo < sequence && sequence - upTo <= MaxEvents && upTo < position)
            Fill();
        if (!isAnotherLog && sequence <= upTo)
            return;
        kept.Clear();
        after = upTo = sequence;
    }

    private void Fill()
    {
        if (upTo >= follower.Position)
            return;
        var (changes, sequence) = Read(upTo);
        foreach (var change in changes)
        {
            // The deletion stands for what a job told before, also for those who are behind.
            if (change.IsDeletion)
                Forget(change.JobId);
            kept.AddLast(change);
            if (kept.Count <= MaxEvents)
                continue;
            after = kept.First!.Value.Sequence;
            kept.RemoveFirst();
        }

        upTo = sequence;
    }

    private void Forget(JobId jobId)
    {
        for (var node = kept.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.JobId == jobId)
                kept.Remove(node);
            node = next;
        }
    }

    private (IReadOnlyList<JobEventText> Changes, long Sequence) Read(long sequence)
    {
        // Taken before the read model is looked at: it has everything up to there.
        var position = follower.Position;
        Queries++;
        var updates = index.Updates(sequence);
        return ([.. updates.Select(JobEventText.Of)], updates.Count == 0 ? Math.Max(sequence, position) : updates[^1].Sequence);
    }
}
