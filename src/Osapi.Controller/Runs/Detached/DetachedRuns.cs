using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Transport;

namespace Osapi.Controller.Runs.Detached;

/// <summary>Runs the plans that were handed over to the controllers: takes those that nobody runs, the oldest first, a limited number at a time.</summary>
/// <remarks>A run is nobody's when it waits, when its runner is not heard, or when its runner was one of this controller before it was restarted.</remarks>
internal sealed partial class DetachedRuns(
    ControllerOptions options, RunIndex index, RunnerPresence presence, DetachedClaims claims, DetachedExecution execution, DetachedEnding ending, DetachedChanges changes, HandedOverInputs inputs,
    TokenStanding standing, ControllerIdentity self, NodeEnvironment node, AgentRegistry agents, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DetachedRuns> logger) : BackgroundService
{
    /// <summary>The number of takeovers by controllers after which a run is ended: its plan may be what kills them.</summary>
    public const int MaxTakeovers = 100;

    /// <summary>The time between two looks when nothing is reported: a runner has become silent.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);
    // On one machine, a plan would have no hosts before.
    private static readonly TimeSpan FirstAgentTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<RunId, OwnRun> running = new();
    private readonly ConcurrentDictionary<RunId, long> failed = new();
    private volatile bool isReleasing;

    /// <summary>Lets go of all runs, which another controller, or this one after its next start, goes on with at once.</summary>
    public async Task ReleaseAsync()
    {
        isReleasing = true;
        var own = running.Values.ToList();
        if (own.Count == 0)
            return;
        using CancellationTokenSource timeout = new(ReleaseTimeout, TimeProvider.System);
        try
        {
            await Task.WhenAll(own.Select(run => run.LetGo.CancelAsync()));
            await Task.WhenAll(own.Select(run => claims.ReleaseAsync(run.Id, run.Runner, timeout.Token)));
            await Task.WhenAll(own.Select(run => run.Ended.Task)).WaitAsync(timeout.Token);
        }
        catch (Exception exception) when (exception is TransportException or OperationCanceledException)
        {
            // The others find out within 20 s.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await ReleaseAsync();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await UntilReadyAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = changes.Next;
            try
            {
                await RemoveInputsAsync(stoppingToken);
                await TakeAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is TransportException or SqliteException or OperationException)
            {
                LogFailed(exception.Message);
            }

            await next.WaitAsync(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Plans call the controller as other callers do.
    private async Task UntilReadyAsync(CancellationToken stoppingToken)
    {
        using var started = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (node.IsAlone)
            await agents.FirstAgent.WaitAsync(FirstAgentTimeout, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RemoveInputsAsync(CancellationToken cancellationToken)
    {
        foreach (var id in changes.TakeOver())
            if (index.Find(id) is { IsOver: true } run)
                await inputs.RemoveAsync(run, cancellationToken);
    }

    private async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (options.RunDetached is null)
            return;
        foreach (var (id, at) in failed)
            if (time.GetElapsedTime(at) >= RetryDelay)
                failed.TryRemove(id, out _);
        foreach (var run in index.Unfinished().Where(run => run.Head.Detached is not null).OrderBy(run => run.Start))
            if (!isReleasing && !running.ContainsKey(run.Id) && !await TryEndAsync(run, run.Head.Detached!, cancellationToken) && running.Count < options.MaxDetachedRuns && IsFree(run)
                && await claims.TryClaimAsync(run, cancellationToken) is { } claimed)
                Start(claimed);
    }

    // What has not begun needs no runner to end.
    private async Task<bool> TryEndAsync(JournalState run, DetachedHead detached, CancellationToken cancellationToken)
    {
        var (status, reason) = standing.RefusalOf(detached.Grant) is { } refusal && IsFree(run) ? ("cancelled", refusal)
            : detached is { Waiting: true } && run.Position == run.Start && index.WishOf(run.Id) is { } by ? ("cancelled", $"it was cancelled by {by} before a controller had taken it")
            : detached.Takeovers >= MaxTakeovers && IsFree(run) ? ("failed", $"controllers have taken it over {detached.Takeovers} times, and it did not end")
            : ("", null);
        if (reason is null)
            return false;
        try
        {
            await ending.EndAsync(run.Id, run.Head.Runner, status, reason, cancellationToken);
        }
        catch (OperationException exception)
        {
            // The other runs must not wait for it.
            failed[run.Id] = time.GetTimestamp();
            LogInterrupted(run.Id, run.Head.Plan, exception.Message);
        }

        return true;
    }

    private bool IsFree(JournalState run) =>
        (run.Head.Detached is { Waiting: true } || run.Head.Detached!.Node == self.Id || !presence.IsHeard(run))
        && !(failed.TryGetValue(run.Id, out var at) && time.GetElapsedTime(at) < RetryDelay);

    private void Start(JournalState run)
    {
        OwnRun own = new(run.Id, run.Head.Runner);
        running[run.Id] = own;
        LogTaken(run.Id, run.Head.Plan);
        own.Task = Task.Run(() => RunAsync(run, own), CancellationToken.None);
    }

    private async Task RunAsync(JournalState run, OwnRun own)
    {
        try
        {
            await execution.RunAsync(run, own.LetGo.Token);
            failed.TryRemove(run.Id, out _);
        }
        catch (OperationCanceledException) when (own.LetGo.IsCancellationRequested)
        {
            // Another controller goes on.
        }
        catch (Exception exception)
        {
            // A plan must not end the controller.
            failed[run.Id] = time.GetTimestamp();
            LogInterrupted(run.Id, run.Head.Plan, exception.Message);
        }
        finally
        {
            running.TryRemove(run.Id, out _);
            own.Ended.SetResult();
            changes.Wake();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Running plan {Plan} as run {Run}")]
    private partial void LogTakenCore(RunId run, string plan);

    private void LogTaken(RunId run, string plan)
    {
        var shown = ControlCharacters.Escape(plan);
        LogTakenCore(run, shown);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run} was interrupted, trying again: {Reason}")]
    private partial void LogInterruptedCore(RunId run, string reason);

    private void LogInterrupted(RunId run, string plan, string reason) => LogInterruptedCore(run, ControlCharacters.Escape($"plan {plan}: {reason}"));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Detached runs could not be taken over, trying again: {Reason}")]
    private partial void LogFailed(string reason);

    private sealed record OwnRun(RunId Id, RunId Runner)
    {
        public CancellationTokenSource LetGo { get; } = new();

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task? Task { get; set; }
    }
}
