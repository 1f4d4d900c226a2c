using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Osapi.Orchestrator.Engine;

/// <summary>
/// One run of a plan. A single loop owns all state, so there are no locks: bodies run on the thread pool and post a signal to the
/// loop when they end, and so do timers and the caller's token.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The token sources hold neither timers nor handles, and their callbacks may outlive the run.")]
internal sealed partial class PlanRun
{
    private readonly PlanGraph graph;
    private readonly CancellationToken caller;
    private readonly Channel<Signal> signals = Channel.CreateUnbounded<Signal>(new() { SingleReader = true });
    private readonly ExecutionContext? context = ExecutionContext.Capture();
    private readonly HookDelivery hooks;
    private readonly LevelProgress? levels;
    private readonly Readiness[] readiness;
    private readonly TaskResult?[] results;

    // Tasks whose dependencies have ended and that are not decided yet.
    private readonly PlanOrder ready;

    // Tasks that will run but wait because too many bodies are running, including tasks whose next attempt is due.
    private readonly PlanOrder queued;
    private readonly Dictionary<int, TaskRun> retries = [];
    private readonly HashSet<TaskRun> waiting = [];

    // Two tokens: a failure that stops the plan cancels the second one, which recovery tasks do not use.
    private readonly CancellationTokenSource aborting = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly int limit;
    private bool stopped;
    private int firstAbort;
    private bool endedAfterAbort;
    private int running;
    private int ended;
    private int lastToRun = -1;
    private long startedAt;
    private DateTimeOffset startTime;

    public PlanRun(Plan plan, PlanGraph graph, CancellationToken caller)
    {
        Plan = plan;
        this.graph = graph;
        this.caller = caller;
        var size = graph.Tasks.Length;
        hooks = new(plan.Options.Hooks);
        results = new TaskResult?[size];
        readiness = Array.ConvertAll(graph.WaitsFor, static count => new Readiness { WaitsFor = count, LastDependency = -1 });
        ready = new(size);
        queued = new(size);
        levels = hooks.WantsLevels || plan.Options.LevelBarriers ? new(graph, results, hooks) : null;
        limit = plan.Options.MaxParallelism ?? int.MaxValue;
    }

    public Plan Plan { get; }

    public TimeProvider Clock => Plan.Options.TimeProvider;

    /// <summary>True when the caller has cancelled the run, or its deadline has passed.</summary>
    public bool IsAborted => aborting.IsCancellationRequested || caller.IsCancellationRequested;

    public async Task<Report> ToEndAsync()
    {
        // Guards and hooks must not run on the caller's thread, which may be a UI thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        startTime = Clock.GetUtcNow();
        startedAt = Clock.GetTimestamp();
        await using var registration = caller.UnsafeRegister(static run => ((PlanRun)run!).Abort(AbortCause.Caller), this).ConfigureAwait(false);
        await using var deadline = StartDeadline().ConfigureAwait(false);

        if (hooks.WantsPlan)
            hooks.BeforePlan(new(graph.Tasks.Length, [.. graph.Levels.Select(level => new PlanStep([.. level.Select(task => task.Name)], level.Count > 1))]));
        MakeReady(level: 0);
        Advance();
        while (ended < results.Length)
        {
            var signal = await NextAsync().ConfigureAwait(false);
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
    public void Post(Signal signal) => signals.Writer.TryWrite(signal);

    public Results ResultsFor(int task) => new(graph, results, task);

    public bool IsAncestor(int task, int of) => graph.IsAncestor(task, of);

    public DateTimeOffset At(long timestamp) => startTime + Clock.GetElapsedTime(startedAt, timestamp);

    /// <summary>Restores the execution context of the run on the current thread, such as the current activity.</summary>
    public void RestoreContext()
    {
        if (context is not null)
            ExecutionContext.Restore(context);
    }

    // Not cancellable: cancellation goes to the bodies, and every started body is awaited here.
    private ValueTask<Signal> NextAsync()
    {
        if (signals.Reader.TryRead(out var signal))
            return new(signal);
        Plan.Options.WhenIdle?.Invoke(running);
        return signals.Reader.ReadAsync(CancellationToken.None);
    }

    private void Handle(Signal signal)
    {
        switch (signal.Kind)
        {
            case SignalKind.Ended:
                running--;
                AttemptEnded(signal.Task!);
                break;
            case SignalKind.RetryDue when waiting.Remove(signal.Task!):
                Queue(signal.Task!);
                break;
            case SignalKind.TimeUp when signal.Task!.State != TaskRunState.Ended:
                OnTimeout(signal.Task);
                break;
            case SignalKind.Aborted:
                CancelWaiting();
                break;
        }
    }

    private ITimer StartDeadline() =>
        Clock.CreateTimer(static run => ((PlanRun)run!).Abort(AbortCause.Deadline), this, Plan.Options.Deadline ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void Abort(AbortCause cause)
    {
        // The caller's token is checked first: a deadline signal that arrives first may have happened second.
        Interlocked.CompareExchange(ref firstAbort, (int)(caller.IsCancellationRequested ? AbortCause.Caller : cause), (int)AbortCause.None);
        Cancellation.Request(aborting);
        Cancellation.Request(stopping);
        Post(new(SignalKind.Aborted));
    }
}
