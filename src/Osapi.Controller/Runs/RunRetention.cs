using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Runs.Detached;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Removes runs that are as old as the jobs that are removed, unless they owe steps that a run can still take.</summary>
/// <remarks>Every controller does it; the log lets one of them win.</remarks>
internal sealed partial class RunRetention(
    ITransport transport, RunIndex index, RunFollower follower, RunRemoval removal, RunSuperseding superseding, RunnerPresence presence, ControllerOptions options, HandedOverInputs inputs, RunLogMark mark, TimeProvider time,
    ILogger<RunRetention> logger) : BackgroundService
{
    /// <summary>The time between two rounds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    // A runner that was stopped for a day learns that its run is gone.
    private static readonly TimeSpan KeepTombstones = TimeSpan.FromDays(1);

    // A start writes its content first.
    private static readonly TimeSpan OrphanedAfter = TimeSpan.FromHours(1);

    /// <summary>Gets the runs whose jobs are kept: those that have not ended, and were heard within the time that jobs are kept.</summary>
    public IReadOnlyList<RunId> KeptRuns => [.. index.Unfinished().Where(Keeps).Select(run => run.Id)];

    /// <summary>Checks that the jobs of a run are kept.</summary>
    public bool KeepsJobsOf(RunId id) => index.Find(id) is { IsOver: false } run && Keeps(run);

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

    private bool Keeps(JournalState run) => run.Updated >= transport.ServerNow - options.KeepJobs || presence.IsHeard(run);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await follower.CatchUpAsync(cancellationToken);
        foreach (var run in index.UnchangedSince(transport.ServerNow - options.KeepJobs))
            await RemoveAsync(run, cancellationToken);
        if (await RemoveRestAsync(cancellationToken))
            await mark.SetAsync(cancellationToken);
        await inputs.SweepAsync(cancellationToken);
    }

    private async Task RemoveAsync(JournalState old, CancellationToken cancellationToken)
    {
        var run = old;
        if (!run.IsOver && !presence.IsHeard(run))
            try
            {
                if (await superseding.TryEndAsync(run, "failed", $"its runner was not heard for {options.KeepJobs.TotalDays:0.##} days", cancellationToken) is not { } ended)
                    return;
                run = ended;
                await follower.ReachAsync(run.Position, cancellationToken);
            }
            catch (OperationException failure)
            {
                LogKept(run.Id, failure.Message);
                return;
            }

        if (run.IsOver && !index.OwesSince(run.Id, transport.ServerNow - RunStart.MaxOwedAge))
            await removal.RemoveAsync(run, cancellationToken);
    }

    // True when something was removed by its sequence, which may have been the end of the log.
    private async Task<bool> RemoveRestAsync(CancellationToken cancellationToken)
    {
        foreach (var run in index.OrphanedContent(transport.ServerNow - OrphanedAfter))
        {
            await transport.PurgeAsync(StreamName.Runs, RunSubjects.Content(run), before: null, cancellationToken);
            index.ForgetContent(run);
        }

        var tombstones = index.TombstonesBefore(transport.ServerNow - KeepTombstones);
        var forgets = index.UselessForgets();
        if (tombstones.Count + forgets.Count == 0)
            return false;
        await transport.RemoveAsync(StreamName.Runs, [.. tombstones, .. forgets], cancellationToken);
        index.ForgetTombstones(tombstones);
        index.RemoveForgets(forgets);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old runs could not be removed, trying again later: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run} is kept: {Reason}")]
    private partial void LogKept(RunId run, string reason);
}
