using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Deletions;

/// <summary>
/// Deletes jobs that are over. A tombstone takes the place of the record first, which decides it for every controller,
/// then one takes the place of each executor's states: a command that is delivered again finds it and starts nothing.
/// What was begun is completed by whichever controller finds it.
/// </summary>
internal sealed class JobDeletion(ITransport transport)
{
    private const int Page = 500;
    private const int MaxAttempts = 20;

    /// <summary>Deletes a job; it is gone for whoever asks this controller once the log was followed so far.</summary>
    /// <returns>Where the tombstone stands in the log; null when the job was gone already.</returns>
    /// <exception cref="OperationException">It is not over.</exception>
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
                // Whoever gives up now need not: it goes on.
                await CompleteAsync(begun, job.Sequence, CancellationToken.None);
                return result.Sequence;
            }

            after = await EndOfRecordAsync(job, cancellationToken);
            if (after is null)
                return null;
        }

        throw Flooded(job.Record.Id);
    }

    /// <exception cref="OperationException">It is not over.</exception>
    public static void RequireOver(IndexedJob job)
    {
        if (!JobStatusRules.IsOver(job.Record, job.States))
            throw new OperationException(ErrorType.Conflict, $"job {job.Record.Id} is not over; cancel it first");
    }

    /// <summary>Removes what a deleted job left behind, its tombstones excepted. It may be done any number of times.</summary>
    /// <param name="left">What is left of it.</param>
    /// <param name="after">Where its record stood in the log: its states come after it; 0 when that is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CompleteAsync(JobRecord left, long after, CancellationToken cancellationToken)
    {
        if (await TombstoneAsync(left, cancellationToken) is not var (tombstone, deletion))
            return;
        foreach (var some in left.Executors.Chunk(64))
            await Task.WhenAll(some.Select(executor => InsertTombstoneAsync(left.Id, executor, after, cancellationToken)));
        var subject = Subjects.Record(left.Id);
        await transport.PurgeAsync(StreamName.Jobs, subject, tombstone, cancellationToken);
        if (deletion == Deletion.Done)
            return;
        var done = await transport.AppendAsync([new(StreamName.Jobs, subject, JobJson.Bytes(left.Tombstone(Deletion.Done)), tombstone)], cancellationToken);
        if (done.Appended)
            await transport.PurgeAsync(StreamName.Jobs, subject, done.Sequence, cancellationToken);
    }

    /// <summary>Removes the tombstones of a job whose commands nobody can get any more.</summary>
    public async Task ForgetAsync(JobRecord left, CancellationToken cancellationToken)
    {
        if (await TombstoneAsync(left, cancellationToken) is not var (tombstone, _))
            return;
        // Up to the tombstone: once it is gone the id is free, and what is there by then is another job's.
        foreach (var some in left.Executors.Chunk(64))
            await Task.WhenAll(some.Select(executor => transport.PurgeAsync(StreamName.Jobs, Subjects.State(left.Id, executor), tombstone, cancellationToken)));
        await transport.PurgeAsync(StreamName.Jobs, Subjects.Record(left.Id), tombstone + 1, cancellationToken);
    }

    // Where a tombstone goes: after whatever stands behind the record. Null when the record is gone, or has a tombstone already.
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

    // Of a job that has one. Where it is hidden behind something else, another one is put there.
    private async Task<(long Sequence, Deletion Deletion)?> TombstoneAsync(JobRecord left, CancellationToken cancellationToken)
    {
        var subject = Subjects.Record(left.Id);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await transport.LastAsync(StreamName.Jobs, subject, cancellationToken) is not { } last)
                return null;
            if (JobRecord.TryParse(left.Id, last.Payload, out var record, out _))
                return record.Deletion is { } deletion ? (last.Sequence, deletion) : null;
            var again = await transport.AppendAsync([new(StreamName.Jobs, subject, JobJson.Bytes(left.Tombstone(Deletion.Begun)), last.Sequence)], cancellationToken);
            if (again.Appended)
                return (again.Sequence, Deletion.Begun);
        }

        throw Flooded(left.Id);
    }

    private static Deletion? DeletionOf(JobId jobId, Message message) => JobRecord.TryParse(jobId, message.Payload, out var record, out _) ? record.Deletion : null;

    private static TransportException Flooded(JobId jobId) => new($"others append to job {jobId} all the time");

    private async Task InsertTombstoneAsync(JobId jobId, string executor, long after, CancellationToken cancellationToken)
    {
        var subject = Subjects.State(jobId, executor);
        var deleted = JobJson.Bytes(new JobEvent { Kind = JobEventKind.Deleted });
        var host = await HostAsync(jobId, executor, after, cancellationToken);
        long sequence = 0;
        for (var attempt = 0; sequence == 0; attempt++)
        {
            if (attempt == MaxAttempts)
                throw Flooded(jobId);
            // Of a lost job the end may arrive at this very moment: the condition keeps the tombstone after it.
            var last = await transport.LastAsync(StreamName.Jobs, subject, cancellationToken);
            sequence = last is not null && JobEvent.TryParse(last.Payload, out var state, out _) && state.Kind == JobEventKind.Deleted
                ? last.Sequence
                : (await transport.AppendAsync([new(StreamName.Jobs, subject, deleted, last?.Sequence ?? 0)], cancellationToken)).Sequence;
        }

        await transport.PurgeAsync(StreamName.Jobs, subject, sequence, cancellationToken);
        // The command holds the request, too. One that waits in the queue is taken out by whoever gets it.
        if (executor != HostKey.Any)
            await transport.PurgeAsync(StreamName.Commands, Subjects.Command(executor, jobId), before: null, cancellationToken);
        await transport.Results.DeleteAsync(JobEntries.NameOf(jobId, executor), cancellationToken);
        if (host is not null)
            await transport.Results.DeleteAsync(JobEntries.NameOf(host, jobId, executor), cancellationToken);
    }

    // Whose result it is: of a job for any host, that of the host that started it. One that is not found ages out.
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
