using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Runs;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Deletions;

/// <summary>
/// Deletes finished jobs that are too old or too many, completes unfinished deletions, and removes tombstones when the
/// commands have expired.
/// </summary>
/// <remarks>Every controller does it; the log lets one of them win.</remarks>
internal sealed partial class JobRetention(
    ITransport transport, JobIndex index, JobFollower follower, JobDeletion deletion, BulkDeletion bulkDeletion, RunRetention runs, ControllerOptions options, TimeProvider time, ILogger<JobRetention> logger) : BackgroundService
{
    /// <summary>The time between two rounds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>The time after which another controller completes a deletion that was begun.</summary>
    public static readonly TimeSpan CompleteAfter = TimeSpan.FromMinutes(1);

    // A command may be as old as the retention of commands, and the store removes old ones at intervals.
    private static readonly TimeSpan SafetyMargin = TimeSpan.FromHours(1);

    // After each batch the follower has to reach the last tombstone, which under load takes a while whatever the size.
    private const int BatchSize = 2000;

    // Each chunk waits for the store in several steps. With one at a time, jobs would arrive faster than they are deleted.
    private const int ParallelChunks = 8;
    private const int JobsPerChunk = 32;
    private const int MaxExecutors = 256;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is TransportException or SqliteException)
            {
                LogFailed(exception.Message);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        // What a run that goes on has called, it can still ask for.
        var kept = runs.KeptRuns;
        while (await DeleteAsync(index.FinishedBefore(transport.ServerNow - options.KeepJobs, kept, BatchSize), cancellationToken))
        {
        }

        while (options.KeepAtMost is { } maxCount && await DeleteAsync(index.FinishedBeyond(maxCount, kept, BatchSize), cancellationToken))
        {
        }

        // Jobs that other controllers have deleted, too.
        index.Truncate();
        foreach (var chunk in Chunks(index.IncompleteDeletions(transport.ServerNow - CompleteAfter), left => left))
            await Task.WhenAll(chunk.Select(left => deletion.CompleteAsync(left, after: 0, cancellationToken)));
        while (index.DeletedBefore(transport.ServerNow - options.KeepCommands - SafetyMargin) is { Count: > 0 } forgotten)
            foreach (var chunk in Chunks(forgotten, left => left))
            {
                await Task.WhenAll(chunk.Select(left => deletion.ForgetAsync(left, cancellationToken)));
                index.ForgetTombstones([.. chunk.Select(left => left.Id)]);
            }
    }

    // True when there may be more.
    private async Task<bool> DeleteAsync(IReadOnlyList<JobId> ids, CancellationToken cancellationToken)
    {
        ConcurrentQueue<JobId> deleted = new();
        ConcurrentQueue<long> tombstones = new();
        await Parallel.ForEachAsync(
            ids.Chunk(JobsPerChunk),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelChunks, CancellationToken = cancellationToken },
            async (some, token) =>
            {
                foreach (var chunk in Chunks(some.Select(index.Find).OfType<IndexedJob>().Where(job => JobStatusRules.IsFinished(job.Record, job.States)), job => job.Record))
                {
                    tombstones.Enqueue(await DeleteChunkAsync(chunk, token));
                    foreach (var job in chunk)
                        deleted.Enqueue(job.Record.Id);
                }
            });
        // Otherwise the same jobs would be found again at once.
        await follower.ReachAsync(tombstones.DefaultIfEmpty().Max(), cancellationToken);
        // For a young job that another controller deletes, the tombstone will arrive.
        index.Forget([.. deleted.Where(index.Has)]);
        return !deleted.IsEmpty;
    }

    // The sequence of the last tombstone; 0 without one.
    private async Task<long> DeleteChunkAsync(IReadOnlyList<IndexedJob> chunk, CancellationToken cancellationToken)
    {
        var commandExpiry = transport.ServerNow - options.KeepCommands - SafetyMargin;
        var old = chunk.Where(job => job.Record.Deadline < commandExpiry).ToList();
        if (old.Count > 0)
        {
            await bulkDeletion.RemoveAsync(old, cancellationToken);
            index.Forget([.. old.Select(job => job.Record.Id)]);
        }

        return old.Count < chunk.Count ? await bulkDeletion.DeleteAsync([.. chunk.Except(old)], cancellationToken) : 0;
    }

    // Chunks of some hundred messages: a broadcast may have a thousand executors.
    private static IEnumerable<IReadOnlyList<T>> Chunks<T>(IEnumerable<T> all, Func<T, JobRecord> record)
    {
        List<T> chunk = [];
        var executors = 0;
        foreach (var one in all)
        {
            chunk.Add(one);
            executors += 1 + record(one).Executors.Count();
            if (executors < MaxExecutors)
                continue;
            yield return chunk;
            (chunk, executors) = ([], 0);
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old jobs could not be deleted, trying again later: {Reason}")]
    private partial void LogFailed(string reason);
}
