using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>
/// Deletes jobs that are over. A tombstone takes the place of the record first, which decides it for every controller,
/// then one takes the place of each executor's states: a command that is delivered again finds it and starts nothing.
/// What was begun is completed by whichever controller finds it.
/// </summary>
internal sealed class JobDeletion(ITransport transport)
{
    /// <summary>Deletes a job; it is gone for whoever asks this controller once the log was followed so far.</summary>
    /// <returns>Where the tombstone stands in the log; null when the job was gone already.</returns>
    /// <exception cref="OperationException">It is not over.</exception>
    public async Task<long?> DeleteAsync(IndexedJob job, CancellationToken cancellationToken)
    {
        RequireOver(job);
        var begun = job.Record.Tombstone(Deletion.Begun);
        var result = await transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(job.Record.Id), JobJson.Bytes(begun), job.Sequence)], cancellationToken);
        if (!result.Appended)
            return null;
        // Whoever gives up now need not: it goes on.
        await CompleteAsync(begun, CancellationToken.None);
        return result.Sequence;
    }

    /// <exception cref="OperationException">It is not over.</exception>
    public static void RequireOver(IndexedJob job)
    {
        if (!JobStatus.IsOver(job.Record, job.States))
            throw new OperationException(ErrorType.Conflict, $"job {job.Record.Id} is not over; cancel it first");
    }

    /// <summary>Removes what a deleted job left behind, its tombstones excepted. It may be done any number of times.</summary>
    public async Task CompleteAsync(JobRecord left, CancellationToken cancellationToken)
    {
        if (await TombstoneAsync(left.Id, cancellationToken) is not ({ } tombstone, var deletion))
            return;
        foreach (var some in left.Executors.Chunk(64))
            await Task.WhenAll(some.Select(executor => BuryAsync(left.Id, executor, cancellationToken)));
        var subject = Subjects.Record(left.Id);
        await transport.PurgeAsync(StreamName.Jobs, subject, tombstone.Sequence, cancellationToken);
        if (deletion == Deletion.Done)
            return;
        var done = await transport.AppendAsync([new(StreamName.Jobs, subject, JobJson.Bytes(left.Tombstone(Deletion.Done)), tombstone.Sequence)], cancellationToken);
        if (done.Appended)
            await transport.PurgeAsync(StreamName.Jobs, subject, done.Sequence, cancellationToken);
    }

    /// <summary>Removes the tombstones of a job whose commands nobody can get any more.</summary>
    public async Task ForgetAsync(JobRecord left, CancellationToken cancellationToken)
    {
        if (await TombstoneAsync(left.Id, cancellationToken) is not ({ } tombstone, _))
            return;
        // Up to the tombstone: once it is gone the id is free, and what is there by then is another job's.
        foreach (var some in left.Executors.Chunk(64))
            await Task.WhenAll(some.Select(executor => transport.PurgeAsync(StreamName.Jobs, Subjects.State(left.Id, executor), tombstone.Sequence, cancellationToken)));
        await transport.PurgeAsync(StreamName.Jobs, Subjects.Record(left.Id), tombstone.Sequence + 1, cancellationToken);
    }

    private async Task<(Message Message, Deletion Deletion)?> TombstoneAsync(string jobId, CancellationToken cancellationToken) =>
        await transport.LastAsync(StreamName.Jobs, Subjects.Record(jobId), cancellationToken) is { } last && JobJson.Record(last.Payload).Deletion is { } deletion ? (last, deletion) : null;

    private async Task BuryAsync(string jobId, string executor, CancellationToken cancellationToken)
    {
        var subject = Subjects.State(jobId, executor);
        var deleted = JobJson.Bytes(new JobEvent { Kind = JobEventKind.Deleted });
        var host = executor == HostKey.Any ? null : executor;
        while (true)
        {
            // Of a lost job the end may arrive at this very moment: the condition keeps the tombstone after it.
            var last = await transport.LastAsync(StreamName.Jobs, subject, cancellationToken);
            if (last is not null && JobJson.Event(last.Payload) is { Host: { } name })
                host ??= HostKey.Of(name);
            var sequence = last is not null && JobJson.Event(last.Payload).Kind == JobEventKind.Deleted ? last.Sequence
                : await transport.AppendAsync([new(StreamName.Jobs, subject, deleted, last?.Sequence ?? 0)], cancellationToken) is { Appended: true } result ? result.Sequence
                : 0;
            if (sequence == 0)
                continue;
            await transport.PurgeAsync(StreamName.Jobs, subject, sequence, cancellationToken);
            break;
        }

        // The command holds the request, too. One that waits in the queue is taken out by whoever gets it.
        if (executor != HostKey.Any)
            await transport.PurgeAsync(StreamName.Commands, Subjects.Command(executor, jobId), before: null, cancellationToken);
        await transport.Results.DeleteAsync(JobEntries.NameOf(jobId, executor), cancellationToken);
        if (host is not null)
            await transport.Results.DeleteAsync(JobEntries.NameOf(host, jobId, executor), cancellationToken);
    }
}
