using Osapi.Controller.Jobs.ReadModel;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Deletions;

/// <summary>Deletes many jobs at once.</summary>
/// <remarks>
/// It takes the same steps in the same order as <see cref="JobDeletion"/>, each for all jobs together, and removes
/// messages by their sequence in the log, which the read model knows. A job of which the log has more than the read
/// model is left to JobDeletion.
/// </remarks>
internal sealed class BulkDeletion(ITransport transport, JobDeletion deletion)
{
    /// <summary>Deletes finished jobs, and puts tombstones in their place.</summary>
    /// <returns>The sequence of the last tombstone that makes the read model forget a job; 0 when there is none.</returns>
    public async Task<long> DeleteAsync(IReadOnlyList<IndexedJob> jobs, CancellationToken cancellationToken)
    {
        var all = await Task.WhenAll(jobs.Select(job => BeginAsync(job, cancellationToken)));
        // For the others another controller was faster, and its tombstone will arrive.
        var begun = all.OfType<Begun>().ToList();
        if (begun.Count == 0)
            return 0;
        await Task.WhenAll(begun.Select(begunDeletion => InsertTombstonesAsync(begunDeletion, cancellationToken)));
        await Task.WhenAll(begun.SelectMany(begunDeletion => RemoveContentAsync(begunDeletion.Job, cancellationToken)));
        await transport.RemoveAsync(StreamName.Jobs, [.. begun.SelectMany(begunDeletion => Sequences(begunDeletion.Job))], cancellationToken);
        await Task.WhenAll(begun.Where(begunDeletion => begunDeletion.HasMore).Select(begunDeletion => deletion.CompleteAsync(begunDeletion.Left, after: 0, cancellationToken)));
        var done = begun.Where(begunDeletion => !begunDeletion.HasMore).ToList();
        await Task.WhenAll(done.Select(begunDeletion => EndAsync(begunDeletion, cancellationToken)));
        await transport.RemoveAsync(StreamName.Jobs, [.. done.Select(begunDeletion => begunDeletion.Tombstone)], cancellationToken);
        return begun.Max(begunDeletion => begunDeletion.Tombstone);
    }

    /// <summary>Removes jobs whose commands have all expired, so that no tombstone is needed.</summary>
    public async Task RemoveAsync(IReadOnlyList<IndexedJob> jobs, CancellationToken cancellationToken)
    {
        await Task.WhenAll(jobs.SelectMany(job => RemoveRequests(job.Record, cancellationToken)));
        await transport.RemoveAsync(StreamName.Jobs, [.. jobs.SelectMany(Sequences)], cancellationToken);
    }

    private static IEnumerable<long> Sequences(IndexedJob job) => job.History.Select(entry => entry.Value.Sequence).Prepend(job.Sequence);

    private async Task<Begun?> BeginAsync(IndexedJob job, CancellationToken cancellationToken)
    {
        var left = job.Record.Tombstone(Deletion.Begun);
        var result = await transport.AppendAsync([new(StreamName.Jobs, Subjects.Record(job.Record.Id), JobJson.Bytes(left), job.Sequence)], cancellationToken);
        return result.Appended ? new(job, left, result.Sequence) : null;
    }

    private async Task InsertTombstonesAsync(Begun begunDeletion, CancellationToken cancellationToken)
    {
        var deleted = JobJson.Bytes(new JobEvent { Kind = JobEventKind.Deleted });
        var results = await Task.WhenAll(begunDeletion.Job.Record.Executors.Select(executor => transport.AppendAsync(
            [new(StreamName.Jobs, Subjects.State(begunDeletion.Job.Record.Id, executor), deleted, begunDeletion.Job.States.TryGetValue(executor, out var state) ? state.Sequence : 0)], cancellationToken)));
        begunDeletion.HasMore = results.Any(result => !result.Appended);
    }

    // The commands also contain the request. A result is an object when its state says so, and may be one when there is no end.
    private IEnumerable<Task> RemoveContentAsync(IndexedJob job, CancellationToken cancellationToken)
    {
        foreach (var removal in RemoveRequests(job.Record, cancellationToken))
            yield return removal;
        foreach (var executor in job.Record.Executors)
        {
            if (executor != HostKey.Any)
                yield return transport.PurgeAsync(StreamName.Commands, Subjects.Command(executor, job.Record.Id), before: null, cancellationToken);
            if (job.States.GetValueOrDefault(executor)?.Event is not { } state)
                continue;
            if (state is { Output: not null } or { Kind: JobEventKind.Start or JobEventKind.Lost } && JobEntries.ChunksOf(transport, job.Record.Id, executor, state) is { } chunks)
                yield return chunks.RemoveAsync(cancellationToken);
            if (state.ObjectName is { } name)
                yield return transport.Results.DeleteAsync(name, cancellationToken);
            else if (state is { Kind: JobEventKind.Start or JobEventKind.Lost, Host: { } host })
                yield return transport.Results.DeleteAsync(JobEntries.NameOf(HostKey.Of(host), job.Record.Id, executor), cancellationToken);
        }
    }

    private IEnumerable<Task> RemoveRequests(JobRecord record, CancellationToken cancellationToken) => record.RequestObjectNames.Select(name => transport.Requests.DeleteAsync(name, cancellationToken));

    private Task EndAsync(Begun begunDeletion, CancellationToken cancellationToken) => transport.AppendAsync(
        [new(StreamName.Jobs, Subjects.Record(begunDeletion.Job.Record.Id), JobJson.Bytes(begunDeletion.Job.Record.Tombstone(Deletion.Done)), begunDeletion.Tombstone)], cancellationToken);

    /// <summary>A job whose deletion was begun here.</summary>
    private sealed class Begun(IndexedJob job, JobRecord left, long tombstone)
    {
        public IndexedJob Job => job;

        public JobRecord Left => left;

        public long Tombstone => tombstone;

        /// <summary>True when the log has messages of it that the read model does not have.</summary>
        public bool HasMore { get; set; }
    }
}
