using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>
/// Deletes jobs that are over and too old or too many, completes deletions that were begun, and forgets deleted jobs when
/// their commands have aged out. Every controller does it; the log lets one of them win.
/// </summary>
internal sealed partial class JobRetention(
    ITransport transport, JobIndex index, JobFollower follower, JobDeletion deletion, ControllerOptions options, TimeProvider time, ILogger<JobRetention> logger) : BackgroundService
{
    /// <summary>The time between two rounds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>How long the controller that began a deletion has for it before another completes it.</summary>
    public static readonly TimeSpan CompleteAfter = TimeSpan.FromMinutes(1);

    // A command may be as old as commands are kept, and the store removes old ones at intervals.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    private const int Step = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Every, time);
        do
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (TransportException exception)
            {
                LogNotDone(exception.Message);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (index.OverBefore(transport.ServerNow - options.KeepJobs, Step) is { Count: > 0 } old)
            await DeleteAsync(old, cancellationToken);
        if (options.KeepAtMost is { } kept)
            while (index.OverBeyond(kept, Step) is { Count: > 0 } excess)
                await DeleteAsync(excess, cancellationToken);
        foreach (var left in index.BuriedInPart(transport.ServerNow - CompleteAfter))
            await deletion.CompleteAsync(left, cancellationToken);
        while (index.BuriedBefore(transport.ServerNow - options.KeepCommands - Margin) is { Count: > 0 } forgotten)
            foreach (var left in forgotten)
            {
                await deletion.ForgetAsync(left, cancellationToken);
                index.ForgetTombstone(left.Id);
            }
    }

    private async Task DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        foreach (var some in ids.Chunk(32))
        {
            var tombstones = await Task.WhenAll(some.Select(id => DeleteAsync(id, cancellationToken)));
            // Otherwise the same jobs would be found again at once.
            await follower.ReachAsync(tombstones.Max(), cancellationToken);
        }
    }

    private async Task<long> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        // What the log itself has forgotten needs no tombstone: that is long after its commands.
        if (await transport.LastAsync(StreamName.Jobs, Subjects.Record(id), cancellationToken) is not null && index.Find(id) is { } job
            && await deletion.DeleteAsync(job, cancellationToken) is { } tombstone)
            return tombstone;
        // Or another controller was faster, and its tombstone is on the way.
        index.Forget(id);
        return 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old jobs could not be deleted, trying again later: {Reason}")]
    private partial void LogNotDone(string reason);
}
