using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Deletions;

/// <summary>
/// Deletes finished jobs that are too old or too many, completes unfinished deletions, and removes tombstones when the
/// commands have expired.
/// </summary>
/// <remarks>Every controller does it; the log lets one of them win.</remarks>
internal sealed partial class JobRetention(
    ITransport transport, JobIndex index, JobFollower follower, JobDeletion deletion, BulkDeletion sweep, ControllerOptions options, TimeProvider time, ILogger<JobRetention> logger) : BackgroundService
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
                LogNotDone(exception.Message);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await DeleteAsync(index.OverBefore(transport.ServerNow - options.KeepJobs, BatchSize), cancellationToken))
        {
        }

        while (options.KeepAtMost is { } kept && await DeleteAsync(index.OverBeyond(kept, BatchSize), cancellationToken))
        {
        }

        foreach (var some in Shares(index.BuriedInPart(transport.ServerNow - CompleteAfter), left => left))
            await Task.WhenAll(some.Select(left => deletion.CompleteAsync(left, after: 0, cancellationToken)));
        while (index.BuriedBefore(transport.ServerNow - options.KeepCommands - SafetyMargin) is { Count: > 0 } forgotten)
            foreach (var some in Shares(forgotten, left => left))
            {
                await Task.WhenAll(some.Select(left => deletion.ForgetAsync(left, cancellationToken)));
                index.ForgetTombstones([.. some.Select(left => left.Id)]);
            }
    }

    // True when there may be more.
    private async Task<bool> DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var any = false;
        // In chunks, because jobs may be large.
        foreach (var some in Shares(ids.Select(index.Find).OfType<IndexedJob>().Where(job => JobStatusRules.IsOver(job.Record, job.States)), job => job.Record))
        {
            any = true;
            var over = transport.ServerNow - options.KeepCommands - SafetyMargin;
            var old = some.Where(job => job.Record.Deadline < over).ToList();
            var young = some.Except(old).ToList();
            if (old.Count > 0)
                await sweep.RemoveAsync(old, cancellationToken);
            // Otherwise the same jobs would be found again at once.
            if (young.Count > 0)
                await follower.ReachAsync(await sweep.DeleteAsync(young, cancellationToken), cancellationToken);
            // For a young job that another controller deletes, the tombstone will arrive.
            index.Forget([.. some.Select(job => job.Record.Id)]);
        }

        return any;
    }

    // Chunks of some hundred messages: a broadcast may have a thousand executors.
    private static IEnumerable<IReadOnlyList<T>> Shares<T>(IEnumerable<T> all, Func<T, JobRecord> record)
    {
        List<T> share = [];
        var executors = 0;
        foreach (var one in all)
        {
            share.Add(one);
            executors += 1 + record(one).Executors.Count();
            if (executors < Share)
                continue;
            yield return share;
            (share, executors) = ([], 0);
        }

        if (share.Count > 0)
            yield return share;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old jobs could not be deleted, trying again later: {Reason}")]
    private partial void LogNotDone(string reason);
}
