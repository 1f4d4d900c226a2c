using System.Runtime.CompilerServices;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Limits;
using Osapi.Operations;

namespace Osapi.Controller.Jobs.Events;

/// <summary>
/// Reads what happens to jobs at the reader's own pace: nothing is kept for a reader but the sequence it has come to. An
/// empty stretch says that for a while nothing happened.
/// </summary>
/// <remarks>
/// A stream of one job sleeps until that job changes. Streams of all jobs share one feed. The more streams are open, the
/// longer each waits before it looks again, so that all of them together wake at most a thousand times a second.
/// </remarks>
internal sealed class JobEventStream(JobIndex index, ActiveJobs board, JobFollower follower, JobEventFeed feed, EventStreamQuota quota, TimeProvider time)
{
    /// <summary>The time after which a reader hears that there is nothing to hear.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // So few cost nothing worth a delay.
    private const int Undelayed = 16;
    private static readonly TimeSpan DelayPerStream = TimeSpan.FromMilliseconds(1);

    /// <summary>The changes of one job after a sequence; it ends when the job is over, or deleted.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JobEventText>> OfAsync(JobId id, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
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
                yield return [.. updates.Select(JobEventText.Of)];
                await PauseAsync(cancellationToken);
            }
            else if (change is null)
            {
                yield break;
            }
            else
            {
                while (!await WaitForEventsAsync(change, cancellationToken))
                    yield return [];
            }
        }
    }

    /// <summary>The changes of all jobs after a sequence, until cancelled.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JobEventText>> OfAllAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var advance = follower.Advance;
            (var changes, after) = feed.Next(after);
            if (changes.Count > 0)
            {
                yield return changes;
                await PauseAsync(cancellationToken);
            }
            else
            {
                while (!await WaitForEventsAsync(advance, cancellationToken))
                    yield return [];
            }
        }
    }

    private Task PauseAsync(CancellationToken cancellationToken) =>
        quota.Open <= Undelayed ? Task.CompletedTask : Task.Delay(DelayPerStream * quota.Open, time, cancellationToken);

    private async Task<bool> WaitForEventsAsync(Task change, CancellationToken cancellationToken)
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
