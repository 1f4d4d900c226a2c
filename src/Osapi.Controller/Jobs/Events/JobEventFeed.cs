using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;

namespace Osapi.Controller.Jobs.Events;

/// <summary>The newest changes of all jobs, read from the read model and serialized once for all streams.</summary>
/// <remarks>A stream that keeps up costs no query of its own. A stream that is behind reads the read model itself.</remarks>
internal sealed class JobEventFeed(JobIndex index, JobFollower follower)
{
    /// <summary>
    /// The maximum number of changes kept. Each has at most the 4,096 characters of an error, and a few hundred more.
    /// </summary>
    public const int MaxEvents = 1024;

    private readonly LinkedList<JobEventText> recentChanges = new();
    private readonly Lock gate = new();
    // Every change after the first sequence, up to the second one, is kept.
    private long after;
    private long upTo;
    private long seen;

    /// <summary>The number of queries of the read model.</summary>
    public long Queries { get; private set; }

    /// <summary>Gets the next changes after a sequence, and the sequence up to which there are no others.</summary>
    public (IReadOnlyList<JobEventText> Changes, long Sequence) Next(long sequence)
    {
        lock (gate)
        {
            AdvanceTo(sequence);
            if (sequence >= after)
            {
                Fill();
                if (sequence >= after)
                    return ([.. recentChanges.SkipWhile(change => change.Sequence <= sequence)], upTo);
            }
        }

        return Read(sequence);
    }

    // A new stream starts at the end of the log, slightly ahead of the streams that wait.
    private void AdvanceTo(long sequence)
    {
        var position = follower.Position;
        var isAnotherLog = position < seen;
        seen = position;
        while (!isAnotherLog && upTo < sequence && sequence - upTo <= MaxEvents && upTo < position)
            Fill();
        if (!isAnotherLog && sequence <= upTo)
            return;
        recentChanges.Clear();
        after = upTo = sequence;
    }

    private void Fill()
    {
        if (upTo >= follower.Position)
            return;
        var (changes, sequence) = Read(upTo);
        foreach (var change in changes)
        {
            // A deletion replaces the job's earlier changes, also for streams that are behind.
            if (change.IsDeletion)
                Forget(change.JobId);
            recentChanges.AddLast(change);
            if (recentChanges.Count <= MaxEvents)
                continue;
            after = recentChanges.First!.Value.Sequence;
            recentChanges.RemoveFirst();
        }

        upTo = sequence;
    }

    private void Forget(JobId jobId)
    {
        for (var node = recentChanges.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.JobId == jobId)
                recentChanges.Remove(node);
            node = next;
        }
    }

    private (IReadOnlyList<JobEventText> Changes, long Sequence) Read(long sequence)
    {
        // Read before the read model, which has everything up to this position.
        var position = follower.Position;
        Queries++;
        var updates = index.Updates(sequence);
        return (JobEventText.Of(updates), updates.Count == 0 ? Math.Max(sequence, position) : updates[^1].Sequence);
    }
}
