using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.ReadModel;
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
    ITransport transport, JobIndex index, JobFollower follower, JobDeletion deletion, BulkDeletion bulkDeletion, ControllerOptions options, TimeProvider time, ILogger<JobRetention> logger) : BackgroundService
{
    /// <summary>The time between two rounds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>The time after which another controller completes a deletion that was begun.</summary>
    public static readonly TimeSpan CompleteAfter = TimeSpan.FromMinutes(1);

    // A command may be as old as the retention of commands, and the store removes old ones at intervals.
    private static readonly TimeSpan SafetyMargin = TimeSpan.FromHours(1);

    private const int BatchSize = 500;
    private const int Share = 256;

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
        while (await DeleteAsync(index.FinishedBefore(transport.ServerNow - options.KeepJobs, BatchSize), cancellationToken))
        {
        }

        while (options.KeepAtMost is { } maxCount && await DeleteAsync(index.FinishedBeyond(maxCount, BatchSize), cancellationToken))
        {
        }

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
        var any = false;
        // In chunks, because jobs may be large.
        foreach (var chunk in Chunks(ids.Select(index.Find).OfType<IndexedJob>().Where(job => JobStatusRules.IsFinished(job.Record, job.States)), job => job.Record))
        {
            any = true;
            var commandExpiry = transport.ServerNow - options.KeepCommands - SafetyMargin;
            var old = chunk.Where(job => job.Record.Deadline < commandExpiry).ToList();
            var recent = chunk.Except(old).ToList();
            if (old.Count > 0)
                await bulkDeletion.RemoveAsync(old, cancellationToken);
            // Otherwise the same jobs would be found again at once.
            if (recent.Count > 0)
                await follower.ReachAsync(await bulkDeletion.DeleteAsync(recent, cancellationToken), cancellationToken);
            // For a young job that another controller deletes, the tombstone will arrive.
            index.Forget([.. chunk.Select(job => job.Record.Id)]);
        }

        return any;
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
            if (executors < Share)
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
