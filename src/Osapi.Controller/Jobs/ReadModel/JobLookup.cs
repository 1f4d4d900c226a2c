using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>
/// Finds a job that another controller may have accepted a moment ago: a job that the read model does not have is
/// looked up in the log, and then awaited.
/// </summary>
internal sealed class JobLookup(ITransport transport, JobIndex index, ActiveJobs activeJobs, JobFollower follower, TimeProvider time)
{
    /// <summary>The maximum time that the read model may be behind the log without an error.</summary>
    public static readonly TimeSpan CatchUpTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The time within which a cancelled call may become the job to be cancelled.</summary>
    public static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(1);

    // The time that a query waits for messages that other controllers have written meanwhile.
    private static readonly TimeSpan NewJobTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits until the read model has everything that is now in the log, so that all controllers answer consistently.
    /// Without the store, or after a timeout, the query uses what is known.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(NewJobTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var newest = (await transport.StateAsync(StreamName.Jobs, linked.Token)).LastSequence;
            if (follower.Position < newest)
                await follower.ReachAsync(newest, linked.Token);
        }
        catch (Exception exception) when (exception is TransportException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A query about the past can be answered without the store.
        }
    }

    /// <exception cref="OperationException">There is no such job.</exception>
    public async Task<IndexedJob> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        return await TryFindAsync(id, cancellationToken) ?? throw Unknown(id);
    }

    /// <summary>Finds a job that may just be being accepted.</summary>
    /// <exception cref="OperationException">There is no such job.</exception>
    public async Task<IndexedJob> FindOrWaitAsync(JobId id, CancellationToken cancellationToken)
    {
        using var waiter = activeJobs.WaitForAsync(id);
        if (await TryFindAsync(id, cancellationToken) is { } job)
            return job;
        try
        {
            await waiter.Task.WaitAsync(CancelTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // No such call was made.
        }

        return await TryFindAsync(id, cancellationToken) ?? throw Unknown(id);
    }

    /// <summary>
    /// Waits until the read model has the message at a sequence of the log; false when it does not exist, because the
    /// log was recreated, or after a timeout.
    /// </summary>
    public async Task<bool> ReachAsync(long sequence, CancellationToken cancellationToken) =>
        follower.Position >= sequence
        || ((await transport.StateAsync(StreamName.Jobs, cancellationToken)).LastSequence >= sequence && await FollowedAsync(sequence, cancellationToken));

    private async Task<bool> FollowedAsync(long sequence, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(CatchUpTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await follower.ReachAsync(sequence, linked.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<IndexedJob?> TryFindAsync(JobId id, CancellationToken cancellationToken)
    {
        if (index.Find(id) is { } job)
            return job;
        if (await transport.LastAsync(StreamName.Jobs, Subjects.Record(id), cancellationToken) is not { } message
            || !JobRecord.TryParse(id, message, out var record, out _) || record.Deletion is not null)
            return null;
        if (await ReachAsync(message.Sequence, cancellationToken))
        {
            if (index.Find(id) is { } reached)
                return reached;
            follower.RequireMessage(id, message.Sequence, () => index.Has(id));
        }

        throw new TransportException($"job {id} exists, but this controller is behind the log; try again");
    }

    private static OperationException Unknown(JobId id) => new(ErrorType.NotFound, $"job not found: {id}");
}
