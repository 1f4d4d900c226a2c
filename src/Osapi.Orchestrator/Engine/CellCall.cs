using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Orchestrator.Runs;

namespace Osapi.Orchestrator.Engine;

/// <summary>One attempt of a task. While it runs it belongs to the body's thread, otherwise to the loop.</summary>
internal class CellCall : Signal, IThreadPoolWorkItem
{
    private readonly PlanRun run;
    private readonly int cell;
    private Task<Result>? body;

    public CellCall(PlanRun run, PlanTask task, int cell, CallToken? own) =>
        (this.run, Task, this.cell, OwnToken) = (run, task, cell, own);

    /// <summary>Creates the call that was open when the run was interrupted.</summary>
    public CellCall(PlanRun run, PlanTask task, int cell, CallToken? own, OpenCall open)
        : this(run, task, cell, own) => (Joined, Attempt) = (open, open.Attempt - 1);

    protected CellCall(CellCall before, int cell, Exception error)
    {
        (run, Task, this.cell, Attempt, OwnToken) = (before.run, before.Task, cell, before.Attempt, before.OwnToken);
        (Result, Kept, Error, Request, Item) = (before.Result, before.Kept, error, before.Request, before.Item);
    }

    // The next item begins with its first attempt.
    protected CellCall(CellCall before, int cell, CallItem item) =>
        (run, Task, this.cell, OwnToken, Item, Request) = (before.run, before.Task, cell, before.OwnToken, item, item.Item.Request);

    public PlanTask Task { get; }

    public Plan Plan => run.Plan;

    /// <summary>The request of an operation; null for a function.</summary>
    public object? Request { get; init; }

    /// <summary>The item that the call is about; null for a task without items.</summary>
    public CallItem? Item { get; init; }

    /// <summary>The cells. A cell whose host has ended before the others leaves the call.</summary>
    public virtual ReadOnlySpan<int> Cells => new(in cell);

    /// <summary>Those of the hosts that an earlier attempt has changed; one without a name for a call without hosts.</summary>
    public IReadOnlyList<string> ChangedBefore { get; set; } = [];

    /// <summary>The call as it is recorded, which is made again or joined; null for a new one.</summary>
    public OpenCall? Joined { get; }

    /// <summary>True when the job of a call that was recorded may have been removed since.</summary>
    public bool MayHaveBeenRemoved => Joined is { } open && run.MayHaveBeenRemoved(open);

    /// <summary>The run that the call names; null for a run without a journal.</summary>
    public RunId? RecordedRun => run.RecordedRun;

    /// <summary>The number of the attempt, from 1; 0 before the first one.</summary>
    public int Attempt { get; private set; }

    /// <summary>The token that cancels the body: the cells' own, or one of the run.</summary>
    public CancellationToken Token => OwnToken?.Token ?? run.TokenFor(Task);

    /// <summary>The cells' own token; null when they have none.</summary>
    public CallToken? OwnToken { get; }

    /// <summary>True when the time limit of the cells has passed.</summary>
    public bool IsTimedOut => OwnToken is { IsTimedOut: true };

    /// <summary>True when the task's strategy allows no further attempt.</summary>
    public bool IsLastAttempt => (Task.ErrorStrategy ?? Plan.Options.OnError) is not RetryStrategy retry || Attempt > retry.RetryCount;

    public long EndedAt { get; private set; }

    /// <summary>True when the body ended after the run was cancelled or its deadline had passed.</summary>
    public bool EndedAfterAbort { get; private set; }

    /// <summary>The last result that an attempt returned; null when none did, and for a call of hosts.</summary>
    public Result? Result { get; private set; }

    /// <summary>A copy of the result for later tasks, independent of the original; null when no task depends on this one.</summary>
    public Result? Kept { get; private set; }

    /// <summary>True when the last attempt changed something, as far as its result tells.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>The error of the last attempt that has ended; null when there is none, or its body returned a result without one.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The results that the body may read.</summary>
    public Results Results => run.ResultsFor(Task.Index);

    /// <summary>The invoker for the task's calls. A dry run needs to know the earlier tasks.</summary>
    public IOperationInvoker Invoker =>
        Plan.Invoker is DryRunInvoker checking ? checking.For(Task, other => run.IsAncestor(other.Index, Task.Index)) : Plan.Invoker!;

    /// <summary>Creates the next attempt for cells of this one.</summary>
    public virtual CellCall Next(ReadOnlySpan<int> cells, Exception error) => new(this, cells[0], error);

    /// <summary>Creates the call of the next item for cells of this one.</summary>
    public virtual CellCall ForItem(CallItem item, int[] cells) => new(this, cells[0], item);

    /// <summary>Starts the attempt on the thread pool.</summary>
    public void Start()
    {
        Attempt++;
        if (Attempt == 1 || Joined is not null)
            OwnToken?.StartTime(this, run);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    // Every path ends here: whatever the body does, the loop is signalled that it ended.
    void IThreadPoolWorkItem.Execute()
    {
        run.RestoreContext();
        Error = null;
        try
        {
            body = (run.IsRecorded ? RecordedAsync() : Task.Body.InvokeAsync(this)) ?? throw new TaskFailedException("the body returned no task");
        }
        catch (Exception exception)
        {
            body = System.Threading.Tasks.Task.FromException<Result>(exception);
        }

        // A continuation instead of an async method: the state machine would be a third of the cost of a task.
        var awaiter = body.ConfigureAwait(false).GetAwaiter();
        if (awaiter.IsCompleted)
            BodyEnded();
        else
            awaiter.UnsafeOnCompleted(BodyEnded);
    }

    private async Task<Result> RecordedAsync()
    {
        await run.CallingAsync(this).ConfigureAwait(false);
        return await (Task.Body.InvokeAsync(this) ?? throw new TaskFailedException("the body returned no task")).ConfigureAwait(false);
    }

    private void BodyEnded()
    {
        try
        {
            ApplyResult(body!.GetAwaiter().GetResult() ?? throw new TaskFailedException("the body returned no result"));
        }
        catch (Exception exception)
        {
            Error = exception;
        }

        body = null;
        // Checked here and not in the loop, which may process the end later than a cancellation that came after it.
        EndedAfterAbort = run.IsAborted;
        EndedAt = run.Clock.GetTimestamp();
        run.Post(this);
    }

    // The body may continue to use its result, so the mutable parts are copied.
    private void ApplyResult(Result result)
    {
        if (Task.RunsOnHosts)
            return;
        Result = result.HostResults.Count == 0 ? result : result with { HostResults = [.. result.HostResults] };
        Kept = run.IsRead(Task.Index) ? Result.Copy() : null;
        Error = TaskVerdict.Of(Result, Task.AllowedHostFailures);
        HasChanged = Result.Changed || Result.HostResults.Any(host => host.Changed);
        OwnConditions conditions = new(Task, Item?.Item);
        if (conditions.Any && !Result.IsCheck)
            (Error, HasChanged) = conditions.Ask(Results, Result with { Changed = HasChanged, Error = Error });
    }
}
