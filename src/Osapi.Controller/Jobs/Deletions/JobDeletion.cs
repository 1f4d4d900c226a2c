using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Controller.Jobs.Deletions;

/// <summary>Deletes finished jobs.</summary>
/// <remarks>
/// A tombstone first replaces the record, which decides the deletion for every controller, then others replace each
/// executor's states: a redelivered command finds it and starts nothing. Any controller completes an unfinished
/// deletion.
/// </remarks>
internal sealed class JobDeletion(ITransport transport)
{
    private const int Page = 500;
    private const int MaxAttempts = 20;

    /// <summary>
    /// Deletes a job; this controller's queries do not find it any more once it has followed the log up to the
    /// tombstone.
    /// </summary>
    /// <returns>The sequence of the tombstone; null when the job was already deleted.</returns>
    /// <exception cref="OperationException">The job is not finished.</exception>
    public async Task<long?> DeleteAsync(IndexedJob job, CancellationToken cancellationToken)
    {
        RequireOver(job);
        var begun = job.Record.Tombstone(Deletion.Begun);
        long? after = job.Sequence;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var result = await transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(job.Record.Id), JobJson.Bytes(begun), after)], cancellationToken);
            if (result.Appended)
            {
                // A disconnecting caller does not stop the deletion any more.
                await CompleteAsync(begun, job.Sequence, CancellationToken.None);
                return result.Sequence;
            }

            after = await EndOfRecordAsync(job, cancellationToken);
            if (after is null)
                return null;
        }

        throw TooManyAppends(job.Record.Id);
    }

    /// <exception cref="OperationException">The job is not finished.</exception>
    public static void RequireOver(IndexedJob job)
    {
        if (!JobStatusRules.IsFinished(job.Record, job.States))
            throw new OperationException(ErrorType.Conflict, $"job {job.Record.Id} has not ended; cancel it first");
    }

    /// <summary>Removes the remains of a deleted job, except its tombstones. It is idempotent.</summary>
    /// <param name="left">The tombstone of its record.</param>
    /// <param name="after">The sequence of its record: its states come after it; 0 when unknown.</param>
    /// <param name="cancellationToken">Cancels the removal.</param>
    public async Task CompleteAsync(JobRecord left, long after, CancellationToken cancellationToken)
    {
        if (await TombstoneAsync(left, cancellationToken) is not var (tombstone, deletion))
            return;
        foreach (var chunk in left.Executors.Chunk(64))
            await Task.WhenAll(chunk.Select(executor => InsertTombstoneAsync(left.Id, executor, after, cancellationToken)));
        foreach (var name in left.RequestObjectNames)
            await transport.Requests.DeleteAsync(name, cancellationToken);
        var subject = Subjects.Record(left.Id);
        await transport.PurgeAsync(StreamName.Jobs, subject, tombstone, cancellationToken);
        if (deletion == Deletion.Done)
            return;
        var done = await transport.AppendAsync([new(StreamName.Jobs, subject, JobJson.Bytes(left.Tombstone(Deletion.Done)), tombstone)], cancellationToken);
        if (done.Appended)
            await transport.PurgeAsync(StreamName.Jobs, subject, done.Sequence, cancellationToken);
    }

    /// <summary>Removes the tombstones of a job whose commands have all expired.</summary>
    public async Task ForgetAsync(JobRecord left, CancellationToken cancellationToken)
    {
        if (await TombstoneAsync(left, cancellationToken) is not var (tombstone, _))
            return;
        // Up to the tombstone: once it is removed the id is free, and later messages belong to another job.
        foreach (var chunk in left.Executors.Chunk(64))
            await Task.WhenAll(chunk.Select(executor => transport.PurgeAsync(StreamName.Jobs, Subjects.State(left.Id, executor), tombstone, cancellationToken)));
        await transport.PurgeAsync(StreamName.Jobs, Subjects.Record(left.Id), tombstone + 1, cancellationToken);
    }

    // The sequence after which the tombstone is appended: that of the last message behind the record. Null when the
    // record is gone, or already has a tombstone.
    private async Task<long?> EndOfRecordAsync(IndexedJob job, CancellationToken cancellationToken)
    {
        long? last = null;
        while (await transport.ReadAsync(StreamName.Jobs, Subjects.Record(job.Record.Id), last ?? job.Sequence - 1, Page, cancellationToken) is { Count: > 0 } page)
        {
            if ((last is null && page[0].Sequence != job.Sequence) || page.Any(message => DeletionOf(job.Record.Id, message) is not null))
                return null;
            last = page[^1].Sequence;
        }

        return last;
    }

    // Finds the existing tombstone. When another message hides it, another tombstone is appended.
    private async Task<(long Sequence, Deletion Deletion)?> TombstoneAsync(JobRecord left, CancellationToken cancellationToken)
    {
        var subject = Subjects.Record(left.Id);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await transport.LastAsync(StreamName.Jobs, subject, cancellationToken) is not { } last)
                return null;
            if (JobRecord.TryParse(left.Id, last, out var record, out _))
                return record.Deletion is { } deletion ? (last.Sequence, deletion) : null;
            var appended = await transport.AppendAsync([new(StreamName.Jobs, subject, JobJson.Bytes(left.Tombstone(Deletion.Begun)), last.Sequence)], cancellationToken);
            if (appended.Appended)
                return (appended.Sequence, Deletion.Begun);
        }

        throw TooManyAppends(left.Id);
    }

    private static Deletion? DeletionOf(JobId jobId, Message message) => JobRecord.TryParse(jobId, message, out var record, out _) ? record.Deletion : null;

    private static TransportException TooManyAppends(JobId jobId) => new($"too many concurrent appends to job {jobId}");

    private async Task InsertTombstoneAsync(JobId jobId, string executor, long after, CancellationToken cancellationToken)
    {
        var subject = Subjects.State(jobId, executor);
        var deleted = JobJson.Bytes(new JobEvent { Kind = JobEventKind.Deleted });
        var host = await HostAsync(jobId, executor, after, cancellationToken);
        long sequence = 0;
        for (var attempt = 0; sequence == 0; attempt++)
        {
            if (attempt == MaxAttempts)
                throw TooManyAppends(jobId);
            // The end of a lost job may arrive at this moment: the condition keeps the tombstone after it.
            var last = await transport.LastAsync(StreamName.Jobs, subject, cancellationToken);
            sequence = last is not null && JobEvent.TryParse(last, out var state, out _) && state.Kind == JobEventKind.Deleted
                ? last.Sequence
                : (await transport.AppendAsync([new(StreamName.Jobs, subject, deleted, last?.Sequence ?? 0)], cancellationToken)).Sequence;
        }

        await transport.PurgeAsync(StreamName.Jobs, subject, sequence, cancellationToken);
        // The command also contains the request. A queued one is removed by the agent that receives it.
        if (executor != HostKey.Any)
            await transport.PurgeAsync(StreamName.Commands, Subjects.Command(executor, jobId), before: null, cancellationToken);
        await transport.Results.DeleteAsync(JobEntries.NameOf(jobId, executor), cancellationToken);
        if (host is null)
            return;
        await transport.Results.DeleteAsync(JobEntries.NameOf(host, jobId, executor), cancellationToken);
        await new OutputChunks(transport, host, jobId, executor).RemoveAsync(cancellationToken);
    }

    // The host that stored the result: for a job for any host, the one that started it. A result that is not found expires.
    private async Task<string?> HostAsync(JobId jobId, string executor, long after, CancellationToken cancellationToken)
    {
        if (executor != HostKey.Any)
            return executor;
        ExecutorFold fold = new(jobId, executor);
        foreach (var message in await transport.ReadAsync(StreamName.Jobs, Subjects.State(jobId, executor), after, Page, cancellationToken))
        {
            fold = fold.Apply(message, out _);
            if (fold.State?.Event.Host is { } host)
                return HostKey.Of(host);
        }

        return null;
    }
}
