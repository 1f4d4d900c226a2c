using System.Runtime.CompilerServices;
using Osapi.Operations.Jobs;

namespace Osapi.Controller.Jobs.Events;

/// <summary>
/// Reads what happens to jobs from the read model, at the reader's own pace: nothing is kept for a reader but the
/// sequence it has come to. An empty stretch says that for a while nothing happened.
/// </summary>
internal sealed class JobEventStream(JobIndex index, JobBoard board, JobFollower follower, TimeProvider time)
{
    /// <summary>The time after which a reader hears that there is nothing to hear.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The changes of one job after a sequence; it ends when the job is over, or deleted.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JobUpdate>> OfAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the read model is looked at, so that nothing falls in between; a job that is over does not change.
            var job = board.Find(id);
            var change = job?.NextChange;
            if (job is { IsOver: true })
                change = null;
            var updates = index.Updates(id, after);
            if (updates.Count > 0)
            {
                after = updates[^1].Sequence;
                yield return updates;
            }
            else if (change is null)
            {
                yield break;
            }
            else if (!await ComesAsync(change, cancellationToken))
            {
                yield return [];
            }
        }
    }

    /// <summary>The changes of all jobs after a sequence, until cancelled.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JobUpdate>> OfAllAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var advance = follower.Advance;
            var updates = index.Updates(after);
            if (updates.Count > 0)
                after = updates[^1].Sequence;
            if (updates.Count > 0 || !await ComesAsync(advance, cancellationToken))
                yield return updates;
        }
    }

    private async Task<bool> ComesAsync(Task change, CancellationToken cancellationToken)
    {
        try
        {
            await change.WaitAsync(Heartbeat, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
