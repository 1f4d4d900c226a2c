using System.Runtime.CompilerServices;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Limits;
using Osapi.Operations;

namespace Osapi.Controller.Jobs.Events;

/// <summary>Reads changes of jobs at each reader's own pace.</summary>
/// <remarks>
/// Only the position of a reader is kept. An empty batch is a keep-alive. A stream of one job waits until that job
/// changes. Streams of all jobs share one feed. The more streams are open, the longer each waits between reads, so that
/// all of them together wake at most a thousand times a second.
/// </remarks>
internal sealed class JobEventStream(JobIndex index, ActiveJobs activeJobs, JobFollower follower, JobEventFeed feed, EventStreamQuota quota, TimeProvider time)
{
    /// <summary>The interval of keep-alives while nothing changes.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // Up to this number of streams, a delay is not worth it.
    private const int MaxUndelayedStreams = 16;
    private static readonly TimeSpan DelayPerStream = TimeSpan.FromMilliseconds(1);

    /// <summary>Enumerates the changes of one job after a sequence; ends when the job is finished or deleted.</summary>
    /// <param name="id">The job.</param>
    /// <param name="after">The sequence.</param>
    /// <param name="visible">Returns the part of a host's reply that the reader may see; null to leave replies out.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<IReadOnlyList<JobEventText>> OfAsync(
        JobId id, long after, Func<HostReply, HostReply>? visible, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the read model is read, so that no change is missed; a job whose end is recorded does not change.
            var job = activeJobs.Find(id);
            var change = job?.NextChange;
            if (job is { IsRecorded: true })
                change = null;
            var updates = index.Updates(id, after, withReplies: visible is not null);
            if (updates.Count > 0)
            {
                after = updates[^1].Sequence;
                yield return JobEventText.Of([.. updates.Select(update => update.Reply is { } reply ? update with { Reply = visible!(reply) } : update)]);
                await ThrottleAsync(cancellationToken);
            }
            else if (change is null)
            {
                yield break;
            }
            else
            {
                follower.Hurry();
                while (!await WaitForEventsAsync(change, cancellationToken))
                    yield return [];
            }
        }
    }

    /// <summary>Enumerates the changes of all jobs after a sequence, until cancelled.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JobEventText>> OfAllAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var advance = follower.Advance;
            (var changes, after) = feed.Next(after);
            if (changes.Count > 0)
            {
                yield return changes;
                await ThrottleAsync(cancellationToken);
            }
            else
            {
                while (!await WaitForEventsAsync(advance, cancellationToken))
                    yield return [];
            }
        }
    }

    private Task ThrottleAsync(CancellationToken cancellationToken) =>
        quota.Open <= MaxUndelayedStreams ? Task.CompletedTask : Task.Delay(DelayPerStream * quota.Open, time, cancellationToken);

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
