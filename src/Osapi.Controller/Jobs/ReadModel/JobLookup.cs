using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>
/// Finds a job that may have been accepted by another controller a moment ago: what the read model does not have is
/// looked for in the log, and what is there is waited for.
/// </summary>
internal sealed class JobLookup(ITransport transport, JobIndex index, ActiveJobs board, JobFollower follower, TimeProvider time)
{
    /// <summary>How long the read model may be behind the log before that is an error.</summary>
    public static readonly TimeSpan CatchUpTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a call that was cancelled may take to become the job that is to be cancelled.</summary>
    public static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(1);

    // How long a question waits for what other controllers have written meanwhile.
    private static readonly TimeSpan NewJobTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Completes when the read model has everything that is in the log at this moment: what one controller has told, every other one knows.
    /// Without the store, or when it takes too long, what is known has to do.
    /// </summary>
    public async Task FreshAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(NewJobTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var newest = (await transport.StateAsync(StreamName.Jobs, either.Token)).LastSequence;
            if (follower.Position < newest)
                await follower.ReachAsync(newest, either.Token);
        }
        catch (Exception exception) when (exception is TransportException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A question about the past can be answered without it.
        }
    }

    /// <exception cref="OperationException">There is no such job.</exception>
    public async Task<IndexedJob> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        await FreshAsync(cancellationToken);
        return await TryFindAsync(id, cancellationToken) ?? throw Unknown(id);
    }

    /// <summary>The same for a job that is perhaps being accepted at this very moment.</summary>
    /// <exception cref="OperationException">There is no such job.</exception>
    public async Task<IndexedJob> FindSoonAsync(JobId id, CancellationToken cancellationToken)
    {
        using var expectation = board.WaitForAsync(id);
        if (await TryFindAsync(id, cancellationToken) is { } job)
            return job;
        try
        {
            await expectation.Task.WaitAsync(CancelTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nobody has asked for it.
        }

        return index.Find(id) ?? throw Unknown(id);
    }

    /// <summary>
    /// Completes when the read model has what stands at a sequence of the log; false when it is not there, because the
    /// log was made anew, or when that takes too long.
    /// </summary>
    public async Task<bool> ReachAsync(long sequence, CancellationToken cancellationToken) =>
        follower.Position >= sequence
        || ((await transport.StateAsync(StreamName.Jobs, cancellationToken)).LastSequence >= sequence && await FollowedAsync(sequence, cancellationToken));

    private async Task<bool> FollowedAsync(long sequence, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(CatchUpTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await follower.ReachAsync(sequence, either.Token);
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
            || !JobRecord.TryParse(id, message.Payload, out var record, out _) || record.Deletion is not null)
            return null;
        return await ReachAsync(message.Sequence, cancellationToken) ? index.Find(id) : throw new TransportException($"job {id} is there, and this controller is behind the log: ask again");
    }

    private static OperationException Unknown(JobId id) => new(ErrorType.NotFound, $"job not found: {id}");
}
