using System.Diagnostics.CodeAnalysis;
using Osapi.Orchestrator.Execution;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// One run of a plan. A single loop owns all state, so there are no locks: bodies run on the thread pool and post a signal to the
/// loop when they end, and so do timers and the caller's token.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The token sources hold neither timers nor handles, and their callbacks may outlive the run.")]
internal sealed partial class PlanRun
{
    private readonly PlanGraph graph;
    private readonly RunTokens tokens;
    private readonly SignalQueue signals = new();
    private readonly ExecutionContext? context = ExecutionContext.Capture();
    private readonly HookDelivery hooks;
    private readonly LevelProgress? levels;
    private readonly CellTable table;
    private readonly UnreachableHosts unreachable;
    private readonly TaskRow[] rows;
    private readonly TaskResult?[] results;
    private readonly RunSelection selection;

    // Tasks with cells whose dependencies have ended and that are not decided yet.
    private readonly PlanOrder ready;

    // Tasks with cells that will run but wait for their turn, including those whose next attempt is due.
    private readonly PlanOrder queued;
    private readonly Dictionary<int, Queue<CellCall>> due = [];
    private readonly Dictionary<CellCall, ITimer> waiting = [];
    private readonly int limit;
    private bool stopped;
    private bool failed;
    private bool endedAfterAbort;
    private int running;
    private int ended;
    private int lastToRun = -1;
    private long startedAt;
    private DateTimeOffset startTime;

    public PlanRun(Plan plan, PlanGraph graph, PlanHosts hosts, RunRecorder? recorder, CancellationToken caller, CancellationToken abandon)
    {
        Plan = plan;
        this.recorder = recorder;
        this.graph = graph;
        var size = graph.Tasks.Length;
        hooks = new(plan.Options.Hooks);
        results = new TaskResult?[size];
        table = new(size);
        unreachable = new(this);
        rows = new TaskRow[size];
        ready = new(size);
        queued = new(size);
        levels = hooks.WantsLevels || plan.Options.LevelBarriers ? new(graph, results, hooks) : null;
        limit = plan.Options.MaxParallelism ?? int.MaxValue;
        tokens = new(plan.Options, () => Post(new AbortedSignal()), caller, abandon);
        selection = new(graph, plan.Options.Selection, hosts.Limit);
        SetUpRows(hosts);
        recorder?.Lost = lost => Post(new JournalLostSignal(lost));
        selection.SetHosts(table);
    }

    public Plan Plan { get; }

    public TimeProvider Clock => Plan.Options.TimeProvider;

    /// <summary>True when the caller has cancelled the run, or its deadline has passed.</summary>
    public bool IsAborted => tokens.IsAborted;

    public async Task<Report> ToEndAsync()
    {
        // Guards and hooks must not run on the caller's thread, which may be a UI thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        startTime = Clock.GetUtcNow();
        startedAt = Clock.GetTimestamp();
        await using var registrations = tokens.Start().ConfigureAwait(false);
        using var asking = unreachable;

        if (hooks.WantsPlan)
            hooks.BeforePlan(new(graph.Tasks.Length, [.. graph.Levels.Select(level => new PlanStep([.. level.Select(task => task.Name)], level.Count > 1))]));
        MakeReady(level: 0);
        Advance();
        while (ended < results.Length)
        {
            // Not cancellable: cancellation goes to the bodies, and every started body is awaited here.
            Signal? signal;
            while (!signals.TryTake(out signal))
            {
                Plan.Options.WhenIdle?.Invoke(running);
                await signals;
            }

            Plan.Options.WhenIdle?.Invoke(-1);
            Handle(signal);
            Advance();
        }

        var report = MakeReport();
        hooks.AfterPlan(report);
        await hooks.FinishedAsync().ConfigureAwait(false);
        return report;
    }

    /// <summary>Posts a signal to the loop, from any thread.</summary>
    public void Post(Signal signal) => signals.Post(signal);

    public Results ResultsFor(int task) => new(graph, results, task);

    /// <summary>Returns the run's token for the bodies of a task.</summary>
    public CancellationToken TokenFor(PlanTask task) => tokens.For(task);

    public bool IsRead(int task) => !graph.DependentsOf(task).IsEmpty;

    public bool IsAncestor(int task, int of) => graph.IsAncestor(task, of);

    public DateTimeOffset At(long timestamp) => startTime + Clock.GetElapsedTime(startedAt, timestamp);

    /// <summary>Restores the execution context of the run on the current thread, such as the current activity.</summary>
    public void RestoreContext()
    {
        if (context is not null)
            ExecutionContext.Restore(context);
    }

    private void Handle(Signal signal)
    {
        switch (signal)
        {
            case CellCall call:
                running--;
                CallEnded(call);
                break;
            case HostEndedSignal host:
                HostEnded(host.Call, host.Reply);
                break;
            case RetryDueSignal due when waiting.Remove(due.Call, out var timer):
                timer.Dispose();
                Queue(due.Call);
                break;
            case TimeUpSignal time:
                OnTimeout(time.Call);
                break;
            case UnreachableDueSignal:
                unreachable.Ask(table.NameOf);
                break;
            case UnreachableAnsweredSignal:
                unreachable.Apply();
                break;
            case AbortedSignal:
                CancelWaiting();
                break;
            // The jobs go on: another runner has joined them, or will.
            case JournalLostSignal lost:
                throw lost.Exception;
        }
    }
}
